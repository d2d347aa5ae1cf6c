namespace TicketAspire.Contracts;

/// <summary>What a classifier calls its label.</summary>
public enum LabelKind
{
    /// <summary>A category, as of tickets.</summary>
    Category,

    /// <summary>An intent, as of chat messages: answers carry it as <c>intent</c>, too.</summary>
    Intent,
}

/// <summary>What an administrator may set for one classifier; null means the configured default.</summary>
public sealed record ClassifierSettings
{
    /// <summary>True accepts feedback with a label that the data set does not have.</summary>
    public bool? AllowNewLabels { get; init; }

    /// <summary>How many unseen feedback entries start a retraining run; at least 1.</summary>
    public int? RetrainAfter { get; init; }

    /// <summary>A fixed confidence threshold for routing, 0 to 1, in place of the one computed for each model.</summary>
    public double? Threshold { get; init; }

    /// <summary>The precision that routed tickets should have, 0 to 1; each model's threshold is computed from it.</summary>
    public double? TargetPrecision { get; init; }
}

/// <summary>A classifier as Storage keeps it.</summary>
public sealed record ClassifierInfo
{
    /// <summary>Its name in addresses: lower-case letters, digits, <c>-</c> and <c>_</c>; at most 40 characters.</summary>
    public required string Name { get; init; }

    /// <summary>What its label is called.</summary>
    public required LabelKind Label { get; init; }

    /// <summary>The content hash of its current data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>The labels of its data set, sorted.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The version that serves; null before the first training.</summary>
    public int? Champion { get; init; }

    /// <summary>The id of the last feedback entry that a model was trained with (promoted or not); 0 at first.</summary>
    public long FeedbackSeen { get; init; }

    /// <summary>
    /// Feedback whose models the gate has rejected, as <see cref="FeedbackRanges"/>; null for none. Each run tries it again,
    /// and goes without it where the gate rejects that.
    /// </summary>
    public string? SetAside { get; init; }

    /// <summary>
    /// The id of the last feedback entry for which a run has ended in whatever way; 0 at first. Feedback up to it starts no
    /// further run, so that one that fails or is cancelled does not begin again by itself.
    /// </summary>
    public long FeedbackTried { get; init; }

    /// <summary>The version that predicts beside the champion without being heard; null when there is none.</summary>
    public int? Challenger { get; init; }

    /// <summary>The version that was given last; 0 before the first.</summary>
    public int LastVersion { get; init; }

    /// <summary>Its own settings.</summary>
    public ClassifierSettings Settings { get; init; } = new();

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A classifier as <c>GET /classifiers</c> of the Api shows it.</summary>
public sealed record ClassifierSummary
{
    /// <summary>Its name in addresses.</summary>
    public required string Name { get; init; }

    /// <summary>What its label is called.</summary>
    public required LabelKind Label { get; init; }

    /// <summary>True for the classifier that <c>POST /predict</c> asks.</summary>
    public required bool Default { get; init; }

    /// <summary>Its categories, sorted.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The model that serves; null before the first training.</summary>
    public ModelInfo? Champion { get; init; }

    /// <summary>The version that predicts beside the champion without being heard; null when there is none.</summary>
    public int? Challenger { get; init; }

    /// <summary>Its data set.</summary>
    public required DatasetInfo Dataset { get; init; }

    /// <summary>Feedback entries so far.</summary>
    public required long Feedback { get; init; }

    /// <summary>Feedback entries that no model has seen yet.</summary>
    public required long Unseen { get; init; }

    /// <summary>Feedback entries that are set aside, for the gate has rejected the models that learned them; null for none.</summary>
    public long? SetAside { get; init; }

    /// <summary>How many unseen entries start a retraining run.</summary>
    public required int RetrainAfter { get; init; }

    /// <summary>True when feedback may introduce labels.</summary>
    public required bool AllowNewLabels { get; init; }

    /// <summary>How what comes in compares with what the champion was measured on; null before the first look.</summary>
    public DriftState? Drift { get; init; }

    /// <summary>The run that is queued or running; null when there is none.</summary>
    public RetrainingRun? Run { get; init; }
}

/// <summary>A classifier as <c>GET /classifiers</c> of Inference shows it: what is in memory and serves.</summary>
/// <param name="Name">Its name in addresses.</param>
/// <param name="Label">What its label is called.</param>
/// <param name="Model">The version that serves.</param>
/// <param name="Labels">The categories that this version knows.</param>
/// <param name="Threshold">The confidence from which a ticket is routed without a person.</param>
/// <param name="Default">True for the classifier that <c>POST /predict</c> asks.</param>
/// <param name="Challenger">The version that predicts beside it without being heard; null when there is none.</param>
public sealed record ServedClassifier(
    string Name, LabelKind Label, int Model, IReadOnlyList<string> Labels, double Threshold, bool Default, int? Challenger = null);
