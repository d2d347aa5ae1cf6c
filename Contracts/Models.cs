namespace TicketAspire.Contracts;

/// <summary>What became of a model.</summary>
public enum ModelState
{
    /// <summary>Serves now.</summary>
    Champion,

    /// <summary>Served once; may be promoted again.</summary>
    Former,

    /// <summary>Was not better; kept with its reason.</summary>
    Rejected,

    /// <summary>Was trained elsewhere and brought by a person, who may promote it.</summary>
    Imported,
}

/// <summary>Everything that determines a model's bytes: the same lineage gives the same bytes.</summary>
/// <param name="Dataset">The data set's content hash.</param>
/// <param name="FeedbackMark">The id of the last feedback entry used.</param>
/// <param name="Settings">The training settings, as text.</param>
/// <param name="Seed">The seed of the shuffles.</param>
/// <param name="Examples">How many examples it was trained on, feedback included.</param>
/// <param name="SetAside">Feedback up to the mark that was not used, as <see cref="FeedbackRanges"/>; null for none.</param>
/// <param name="Engine">What it was trained with: <c>own</c> or <c>mlnet</c>.</param>
public sealed record ModelLineage(
    string Dataset, long FeedbackMark, string Settings, int Seed, int Examples, string? SetAside = null, string Engine = "own");

/// <summary>The numbers by which a new model was promoted or rejected.</summary>
public sealed record GateDecision
{
    /// <summary>The version that served, with which it was compared; null for the first.</summary>
    public int? Champion { get; init; }

    /// <summary>Hold-out tickets on which both were asked.</summary>
    public int HoldOut { get; init; }

    /// <summary>Those that only the champion got right.</summary>
    public int OnlyChampion { get; init; }

    /// <summary>Those that only the new model got right.</summary>
    public int OnlyChallenger { get; init; }

    /// <summary>How likely it is that a model as good as the champion does so badly by chance (one-sided McNemar), 0 to 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Feedback entries that no model had seen before.</summary>
    public int NewFeedback { get; init; }

    /// <summary>Those that the new model answers as the person did.</summary>
    public int Learned { get; init; }

    /// <summary>Whether it was put in service.</summary>
    public required bool Promoted { get; init; }
}

/// <summary>One trained version of a classifier.</summary>
public sealed record ModelInfo
{
    /// <summary>The classifier.</summary>
    public required string Classifier { get; init; }

    /// <summary>Counts up from 1 within the classifier.</summary>
    public required int Version { get; init; }

    /// <summary>What became of it.</summary>
    public required ModelState State { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The retraining run that made it.</summary>
    public required long Run { get; init; }

    /// <summary>What it was made from.</summary>
    public required ModelLineage Lineage { get; init; }

    /// <summary>The model file's size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>SHA-256 of the model file, lower-case hexadecimal.</summary>
    public required string Checksum { get; init; }

    /// <summary>How it did on texts that it had not seen.</summary>
    public required ModelMetrics Metrics { get; init; }

    /// <summary>Why it was promoted or rejected, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>The numbers behind the reason; null for a model that an earlier version of the program made.</summary>
    public GateDecision? Decision { get; init; }

    /// <summary>Who or what put it in service last: <c>retrainer</c> or a person's name; null if it never served.</summary>
    public string? PromotedBy { get; init; }

    /// <summary>When it was put in service last.</summary>
    public DateTimeOffset? PromotedAt { get; init; }

    /// <summary>When another took its place in service; null if it serves or never did.</summary>
    public DateTimeOffset? RetiredAt { get; init; }
}

/// <summary>
/// How a model does on examples that it was not trained on: the hold-out; where that is small, together with the
/// out-of-fold answers of the training (each by a model that had not seen the text).
/// </summary>
public sealed record ModelMetrics
{
    /// <summary>How many answers were judged.</summary>
    public required int Examples { get; init; }

    /// <summary>Share of right answers, 0 to 1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The mean over classes of F1, 0 to 1.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>Expected calibration error over 15 bins, 0 to 1.</summary>
    public required double CalibrationError { get; init; }

    /// <summary>The lowest confidence at which the target precision is reached: the routing threshold.</summary>
    public required double Threshold { get; init; }

    /// <summary>The precision that the threshold was computed for.</summary>
    public required double TargetPrecision { get; init; }

    /// <summary>Share of tickets at or above the threshold, 0 to 1.</summary>
    public required double Coverage { get; init; }

    /// <summary>Share of right answers among those, 0 to 1.</summary>
    public required double Precision { get; init; }

    /// <summary>Figures for each class, in the order of <see cref="Confusion"/>.</summary>
    public required IReadOnlyList<ClassMetrics> Classes { get; init; }

    /// <summary><c>Confusion[i][j]</c>: examples of class i that were answered as class j.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; }

    /// <summary>How it answered these examples, for comparison with what comes in later; null of a model of an earlier version.</summary>
    public DriftBaseline? Baseline { get; init; }
}

/// <summary>How a model does on one class.</summary>
/// <param name="Label">The class.</param>
/// <param name="Precision">Of the answers with this label, the share that was right.</param>
/// <param name="Recall">Of the examples with this label, the share that was found.</param>
/// <param name="F1">The harmonic mean of both.</param>
/// <param name="Support">Examples with this label among the judged.</param>
public sealed record ClassMetrics(string Label, double Precision, double Recall, double F1, int Support);
