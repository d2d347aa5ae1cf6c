using TicketAspire.Contracts;

namespace TicketAspire.Storage;

/// <summary>
/// The tickets, what was predicted and what people said of it, to be searched and counted. Where the log is kept apart from the
/// tickets (Elasticsearch), it has them a moment later than <see cref="ITicketStore"/>, and may lack some.
/// </summary>
public interface ITicketLog
{
    /// <summary>Tickets that fulfil every condition, newest first: by time, then by id.</summary>
    /// <exception cref="ArgumentException">The limit is below 1, or <see cref="TicketLogQuery.Before"/> is not the end of a page.</exception>
    /// <exception cref="StorageException">The log cannot be asked.</exception>
    Task<Page<Ticket>> SearchAsync(TicketLogQuery query, CancellationToken cancellation);

    /// <summary>
    /// Tickets that share a text's telling words, those that are rare among all tickets; the most similar first. A text
    /// without such words is like nothing.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 1.</exception>
    /// <exception cref="StorageException">The log cannot be asked.</exception>
    Task<IReadOnlyList<SimilarTicket>> SimilarAsync(SimilarityQuery query, CancellationToken cancellation);

    /// <summary>Counts tickets by time, prediction, route and model.</summary>
    /// <exception cref="ArgumentException">The time ends before it begins, or has more than <see cref="StatisticsQuery.MostPeriods"/> periods.</exception>
    /// <exception cref="StorageException">The log cannot be asked.</exception>
    Task<TicketStatistics> StatisticsAsync(StatisticsQuery query, CancellationToken cancellation);
}

/// <summary>Which tickets to find. What is null is no condition.</summary>
public sealed record TicketLogQuery
{
    /// <summary>Only this classifier's.</summary>
    public string? Classifier { get; init; }

    /// <summary>
    /// Only those that hold all these words (whole words or their inflections; the last may be a beginning), in whatever
    /// case and accents. Blank is no condition; a text without a letter or digit is found nowhere.
    /// </summary>
    public string? Search { get; init; }

    /// <summary>Only those predicted as this category.</summary>
    public string? Prediction { get; init; }

    /// <summary>Only those with this label, by the latest feedback.</summary>
    public string? Label { get; init; }

    /// <summary>True: only those whose label is the prediction. False: only those that have another label.</summary>
    public bool? Agreed { get; init; }

    /// <summary>Only those with this route.</summary>
    public string? Route { get; init; }

    /// <summary>Only those that this version answered.</summary>
    public int? Model { get; init; }

    /// <summary>Only those whose label this person gave.</summary>
    public string? Who { get; init; }

    /// <summary>Only those that came then or later; whole milliseconds count.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only those that came earlier.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only those that follow a page: its <see cref="Page{T}.Next"/>. Good for as long as the log is the same kind of store.</summary>
    public string? Before { get; init; }

    /// <summary>How many at most.</summary>
    public int Limit { get; init; } = 20;
}

/// <summary>What to find similar tickets of.</summary>
/// <param name="Text">The text.</param>
public sealed record SimilarityQuery(string Text)
{
    /// <summary>Only this classifier's; null for all.</summary>
    public string? Classifier { get; init; }

    /// <summary>Not the ticket with this id: the one that the text is of.</summary>
    public string? Except { get; init; }

    /// <summary>How many at most.</summary>
    public int Limit { get; init; } = 5;
}

/// <summary>What to count.</summary>
/// <param name="From">From when on; whole milliseconds count.</param>
/// <param name="To">Until when; this very moment is not counted.</param>
/// <param name="Interval">How long each period is.</param>
public sealed record StatisticsQuery(DateTimeOffset From, DateTimeOffset To, StatisticsInterval Interval)
{
    /// <summary>How many periods there may be.</summary>
    public const int MostPeriods = 400;

    /// <summary>Only this classifier's tickets; null for all.</summary>
    public string? Classifier { get; init; }
}
