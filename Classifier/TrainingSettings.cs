using System.Globalization;

namespace TicketAspire.Classifier;

/// <summary>How much time a training may take.</summary>
public enum TrainingLevel
{
    /// <summary>A linear model: trained in a third of the time, and a prediction takes half as long.</summary>
    Quick,

    /// <summary>A linear model that sees pairs of distant words, and a small neural network beside it: half to one point more accurate.</summary>
    Thorough,
}

/// <summary>How to train. The defaults are good for tens to hundreds of thousands of texts and 2 to hundreds of labels.</summary>
public sealed record TrainingSettings
{
    /// <summary>How much time it may take.</summary>
    public TrainingLevel Level { get; init; } = TrainingLevel.Thorough;

    /// <summary>Seed of the shuffles: the same examples, settings and seed give the same bytes.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many times the learners pass over the texts; null chooses by their number.</summary>
    public int? Epochs { get; init; }

    /// <summary>How many parts the texts are cut into: each part is scored by what was learned from the others.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>How many threads to use at most; the result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// The linear learner's passes over so many texts. Few texts gain from more passes (BANKING77: 0.899 with 8, 0.902 with
    /// 15), many from fewer (IT tickets, out of fold: 0.8674 with 6, 0.8666 with 8, 0.8651 with 12).
    /// </summary>
    public int EpochsFor(int texts) => Epochs ?? Math.Clamp(200_000 / Math.Max(1, texts), 6, 12);

    /// <summary>The network's passes over so many texts: few texts need many passes (BANKING77: 0.909 with 10, 0.913 with 20).</summary>
    public int NetworkEpochsFor(int texts) => Epochs ?? Math.Clamp(200_000 / Math.Max(1, texts), 5, 20);

    /// <summary>What determines the result, as text for a model's lineage.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Level == TrainingLevel.Quick ? "quick/2" : "thorough/3")} epochs={Epochs?.ToString(CultureInfo.InvariantCulture) ?? "auto"} folds={Folds}");
}
