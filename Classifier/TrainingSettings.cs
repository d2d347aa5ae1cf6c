using System.Globalization;

namespace TicketAspire.Classifier;

/// <summary>How to train. The defaults are good for tens to hundreds of thousands of texts and 2 to hundreds of labels.</summary>
public sealed record TrainingSettings
{
    /// <summary>Seed of the shuffles: the same examples, settings and seed give the same bytes.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many times the learner passes over the texts.</summary>
    public int Epochs { get; init; } = 8;

    /// <summary>How many parts the texts are cut into: each part is scored by what was learned from the others.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>How many threads to use at most; the result does not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>What determines the result, as text for a model's lineage.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"linear/1 epochs={Epochs} folds={Folds}");
}
