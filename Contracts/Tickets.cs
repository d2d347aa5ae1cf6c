using System.Text.Json.Serialization;

namespace TicketAspire.Contracts;

/// <summary>A ticket that was classified, and what a person said of it since.</summary>
public sealed record Ticket
{
    /// <summary>Unique and sortable by time (a version 7 UUID without dashes).</summary>
    public required string Id { get; init; }

    /// <summary>The classifier that was asked.</summary>
    public required string Classifier { get; init; }

    /// <summary>The ticket's text as it came.</summary>
    public required string Text { get; init; }

    /// <summary>The category that was answered.</summary>
    public required string Prediction { get; init; }

    /// <summary>How sure, 0 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary><see cref="Routes.Auto"/> or <see cref="Routes.Review"/>.</summary>
    public required string Route { get; init; }

    /// <summary>The model version that answered.</summary>
    public required int Model { get; init; }

    /// <summary>When it came.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The correct category by the latest feedback; null while there is none.</summary>
    public string? Label { get; init; }

    /// <summary>Who gave the <see cref="Label"/>, where known.</summary>
    public string? Who { get; init; }

    /// <summary>When the <see cref="Label"/> was given.</summary>
    public DateTimeOffset? LabelledAt { get; init; }
}

/// <summary>Tickets that wait for a person, the least sure first.</summary>
/// <param name="Items">The tickets.</param>
/// <param name="Next">Pass it as <c>after</c> to get those that follow; null on the last page.</param>
/// <param name="Waiting">How many wait in all.</param>
public sealed record ReviewPage(IReadOnlyList<Ticket> Items, string? Next, long Waiting);

/// <summary>What <c>POST /classifiers/{name}/feedback</c> takes: a ticket id, or a text; and either "right" or the correct label.</summary>
public sealed record FeedbackRequest
{
    /// <summary>The ticket that the feedback is about; its text and prediction are taken from the record.</summary>
    public string? TicketId { get; init; }

    /// <summary>The text, where no ticket id is given.</summary>
    public string? Text { get; init; }

    /// <summary>What had been predicted, where no ticket id is given. May be left out: then the feedback judges no model.</summary>
    public string? Prediction { get; init; }

    /// <summary>The correct category. May be left out when <see cref="Right"/> is true.</summary>
    public string? TrueLabel { get; init; }

    /// <summary>True confirms the prediction.</summary>
    public bool? Right { get; init; }

    /// <summary>Who says so; free text, optional.</summary>
    public string? Who { get; init; }
}

/// <summary>The acknowledgement of feedback: sent only once it is on disk.</summary>
/// <param name="Message">For people, and for clients of the reference systems.</param>
/// <param name="Id">The feedback entry's number.</param>
/// <param name="Label">The category that was recorded.</param>
/// <param name="Agreed">True when it confirms the prediction, false when it corrects it; null, and left out, when none is known.</param>
/// <param name="Unseen">Feedback entries of this classifier that no model has seen, this one included.</param>
/// <param name="RetrainAfter">How many such entries start a retraining run.</param>
public sealed record FeedbackResponse(string Message, long Id, string Label, bool? Agreed, long Unseen, int RetrainAfter);

/// <summary>The correct category for a text, as a person gave it.</summary>
public sealed record FeedbackEntry
{
    /// <summary>Counts up in the order of arrival, over all classifiers.</summary>
    public required long Id { get; init; }

    /// <summary>The classifier that it teaches.</summary>
    public required string Classifier { get; init; }

    /// <summary>The ticket it is about, where known.</summary>
    public string? TicketId { get; init; }

    /// <summary>The text.</summary>
    public required string Text { get; init; }

    /// <summary>What had been predicted, where known.</summary>
    public string? Prediction { get; init; }

    /// <summary>The correct category.</summary>
    public required string Label { get; init; }

    /// <summary>
    /// True when <see cref="Label"/> confirms <see cref="Prediction"/>, false when it corrects it; null, and left out, when no
    /// prediction is known: that teaches, and judges no model.
    /// </summary>
    public bool? Agreed => Prediction is null ? null : Prediction == Label;

    /// <summary>Who said so, where known.</summary>
    public string? Who { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The trace in which it came (W3C <c>traceparent</c>), to which the run that learns it links; kept, not shown.</summary>
    [JsonIgnore]
    public string? Trace { get; init; }
}

/// <summary>How far the tickets are written to Elasticsearch anew.</summary>
/// <param name="Tickets">How many were read from the store.</param>
/// <param name="Refused">How many tickets or labels Elasticsearch refuses for good; its log says why.</param>
/// <param name="Reached">The time of the last one; newest go first. Null if there was none.</param>
/// <param name="Done">True at the end.</param>
public sealed record ReindexProgress(long Tickets, long Refused, DateTimeOffset? Reached, bool Done);

/// <summary>One page of a longer list.</summary>
/// <param name="Items">The entries, newest first.</param>
/// <param name="Next">Pass it as <c>before</c> to get the following page; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
