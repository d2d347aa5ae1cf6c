namespace TicketAspire.Contracts;

/// <summary>Where a retraining run stands.</summary>
public enum RunState
{
    /// <summary>Asked for; a retrainer will take it.</summary>
    Queued,

    /// <summary>A retrainer works on it.</summary>
    Running,

    /// <summary>Ended with a new champion.</summary>
    Promoted,

    /// <summary>Ended with a model that was not put in service.</summary>
    Rejected,

    /// <summary>Ended without a model; the reason says why.</summary>
    Failed,

    /// <summary>Its retrainer stopped; a new run took its place.</summary>
    Interrupted,

    /// <summary>A person ended it.</summary>
    Cancelled,
}

/// <summary>What asked for a run.</summary>
public enum RunTrigger
{
    /// <summary>The first start of a classifier that comes with the system.</summary>
    Starter,

    /// <summary>Enough feedback that no model has seen.</summary>
    Feedback,

    /// <summary>A person.</summary>
    Request,

    /// <summary>A new data set.</summary>
    Import,

    /// <summary>The champion cannot be read: its file is damaged, or of another version's format.</summary>
    Repair,

    /// <summary>The schedule, because there is something new to learn.</summary>
    Schedule,

    /// <summary>What comes in has drifted away from what the champion was measured on.</summary>
    Drift,

    /// <summary>Not a training: a person brought a model that was trained elsewhere.</summary>
    Upload,
}

/// <summary>The stages of a run, in order.</summary>
public enum RunStage
{
    /// <summary>Reading data set and feedback.</summary>
    Gathering,

    /// <summary>Turning texts into features.</summary>
    Features,

    /// <summary>Learning the weights, and the out-of-fold scores.</summary>
    Training,

    /// <summary>Fitting the confidences.</summary>
    Calibrating,

    /// <summary>Measuring on the hold-out.</summary>
    Evaluating,

    /// <summary>Comparing with the champion.</summary>
    Deciding,

    /// <summary>Storing the model and putting it in service.</summary>
    Publishing,
}

/// <summary>One training of one classifier, from the request to the decision.</summary>
public sealed record RetrainingRun
{
    /// <summary>Counts up over all classifiers.</summary>
    public required long Id { get; init; }

    /// <summary>The classifier.</summary>
    public required string Classifier { get; init; }

    /// <summary>What asked for it.</summary>
    public required RunTrigger Trigger { get; init; }

    /// <summary>Where it stands.</summary>
    public required RunState State { get; init; }

    /// <summary>The current or last stage; null while queued.</summary>
    public RunStage? Stage { get; init; }

    /// <summary>How much of the whole run is done, 0 to 1.</summary>
    public double Progress { get; init; }

    /// <summary>Counts up from 1 while one run after the other fails or is interrupted and the next takes its place.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>When it starts at the earliest: one that takes a failed one's place waits. Null when it need not.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When a retrainer took it.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The model that it made.</summary>
    public int? Model { get; init; }

    /// <summary>Why it ended as it did, in words.</summary>
    public string? Reason { get; init; }
}
