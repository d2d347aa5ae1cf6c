namespace TicketAspire.Contracts;

/// <summary>Something that other services and people want to hear of. Sent on <c>GET /events</c>.</summary>
public sealed record ServiceEvent
{
    /// <summary>Counts up; a listener that was away asks for what came after the last one it saw.</summary>
    public long Id { get; init; }

    /// <summary>One of <see cref="EventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The classifier it is about.</summary>
    public required string Classifier { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>For <see cref="EventTypes.Feedback"/>: entries that no model has seen.</summary>
    public long? Unseen { get; init; }

    /// <summary>For <see cref="EventTypes.Run"/>: the run as it stands.</summary>
    public RetrainingRun? Run { get; init; }

    /// <summary>For <see cref="EventTypes.Champion"/>: the version that serves now; for <see cref="EventTypes.Drift"/>: the one that it is about.</summary>
    public int? Model { get; init; }

    /// <summary>For <see cref="EventTypes.Import"/>: how far the import is.</summary>
    public ImportProgress? Import { get; init; }

    /// <summary>For <see cref="EventTypes.Drift"/>: how things stand now; <see cref="DriftState.Drifted"/> is the alert, anything else its end, be it that too little is known any more.</summary>
    public DriftState? Drift { get; init; }
}

/// <summary>The types of events.</summary>
public static class EventTypes
{
    /// <summary>Feedback was recorded.</summary>
    public const string Feedback = "feedback";

    /// <summary>A run changed its state, stage or progress.</summary>
    public const string Run = "run";

    /// <summary>Another version serves.</summary>
    public const string Champion = "champion";

    /// <summary>A classifier was created, or its data set, settings or challenger changed.</summary>
    public const string Classifier = "classifier";

    /// <summary>An import is being read.</summary>
    public const string Import = "import";

    /// <summary>What comes in has drifted away from what the models were measured on, or does so no longer.</summary>
    public const string Drift = "drift";

    /// <summary>
    /// The figures of <c>GET /operations</c> may have changed: every few seconds, to those who ask for it. It is not kept and
    /// has no id.
    /// </summary>
    public const string Operations = "operations";
}
