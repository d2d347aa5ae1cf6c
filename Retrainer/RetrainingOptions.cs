using TicketAspire.Classifier;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer;

/// <summary>How to retrain (<c>Retraining:…</c>).</summary>
internal sealed class RetrainingOptions
{
    public const string Section = "Retraining";

    /// <summary>How much a correction counts beside an example of the data set; a confirmation counts 1.</summary>
    public float CorrectionImportance { get; set; } = 5;

    /// <summary>
    /// A challenger that is worse than the champion on the hold-out is rejected if a difference as large would come about
    /// by chance with less than this probability.
    /// </summary>
    public double WorseProbability { get; set; } = 0.05;

    /// <summary>The share of the new feedback that a challenger must answer rightly.</summary>
    public double LearnedShare { get; set; } = 0.8;

    /// <summary>
    /// How much feedback a training learns from at most: the newest so many entries, or up to a tenth fewer. Time and memory of
    /// a training stay bounded by it.
    /// </summary>
    public int FeedbackLimit { get; set; } = 100_000;

    /// <summary>How much time a training may take.</summary>
    public TrainingLevel Level { get; set; } = TrainingLevel.Thorough;

    /// <summary>Threads that a training may use.</summary>
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>Seed of the shuffles.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>Whether to set up the two classifiers that come with the system when they are missing.</summary>
    public bool StarterData { get; set; } = true;

    /// <summary>A run for feedback waits until none has come for so long: who corrects one ticket corrects the next.</summary>
    public TimeSpan Quiet { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Where feedback never ceases, a run for it waits no longer than this.</summary>
    public TimeSpan QuietLongest { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// When to retrain what has something new to learn, however little, as a cron expression in UTC (<c>0 3 * * *</c>: at
    /// three each night); null for never.
    /// </summary>
    public string? Schedule { get; set; }

    /// <summary>How long a failed run's next attempt waits; each further one waits twice as long.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>No attempt waits longer than this.</summary>
    public TimeSpan RetryLongest { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>After so many failed attempts a run is given up, until there is something new.</summary>
    public int Attempts { get; set; } = 5;

    /// <summary>How many models of each classifier are kept, whatever they are: the newest.</summary>
    public int KeepModels { get; set; } = 20;

    /// <summary>How long a model is kept after it has served.</summary>
    public TimeSpan KeepFormer { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long a run stays a silent retrainer's before another takes it over.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long what failed waits.</summary>
    public RetryBackoff Backoff => new(RetryAfter, RetryLongest);
}
