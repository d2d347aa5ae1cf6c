using TicketAspire.Classifier;

namespace TicketAspire.Retrainer;

/// <summary>How to retrain (<c>Retraining:…</c>).</summary>
internal sealed class RetrainingOptions
{
    public const string Section = "Retraining";

    /// <summary>How much a correction counts beside an example of the data set; a confirmation counts 1.</summary>
    public float CorrectionImportance { get; set; } = 3;

    /// <summary>
    /// A challenger that is worse than the champion on the hold-out is rejected if a difference as large would come about
    /// by chance with less than this probability.
    /// </summary>
    public double WorseProbability { get; set; } = 0.05;

    /// <summary>The share of the new feedback that a challenger must answer rightly.</summary>
    public double LearnedShare { get; set; } = 0.8;

    /// <summary>How much time a training may take.</summary>
    public TrainingLevel Level { get; set; } = TrainingLevel.Thorough;

    /// <summary>Threads that a training may use.</summary>
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>Seed of the shuffles.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>Whether to set up the two classifiers that come with the system when they are missing.</summary>
    public bool StarterData { get; set; } = true;

    /// <summary>How long a run stays a silent retrainer's before another takes it over.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(5);
}
