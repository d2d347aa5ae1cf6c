namespace TicketAspire.Contracts;

/// <summary>A ticket whose text is like another one.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="Score">How alike: 1 for the most similar one found, the others in proportion; above 0.</param>
public sealed record SimilarTicket(Ticket Ticket, double Score);

/// <summary>How long a period of <see cref="TicketStatistics"/> is. Periods begin at UTC's hours, midnights, Mondays and firsts of the month.</summary>
public enum StatisticsInterval
{
    /// <summary>60 minutes.</summary>
    Hour,

    /// <summary>24 hours.</summary>
    Day,

    /// <summary>Monday to Sunday.</summary>
    Week,

    /// <summary>A calendar month.</summary>
    Month,
}

/// <summary>Figures of the tickets of a time.</summary>
public sealed record TicketStatistics
{
    /// <summary>From when on.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Until when; tickets of this very moment are not counted.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>How long each period is.</summary>
    public required StatisticsInterval Interval { get; init; }

    /// <summary>The figures of the whole time.</summary>
    public required TicketFigures Total { get; init; }

    /// <summary>The figures of each period, the oldest first; those without tickets included. The first and the last may be cut short.</summary>
    public required IReadOnlyList<PeriodFigures> Periods { get; init; }
}

/// <summary>The figures of one period.</summary>
/// <param name="Start">When it begins.</param>
/// <param name="Figures">Its figures.</param>
public sealed record PeriodFigures(DateTimeOffset Start, TicketFigures Figures);

/// <summary>Figures of some tickets.</summary>
public sealed record TicketFigures
{
    /// <summary>How many there are.</summary>
    public long Tickets { get; init; }

    /// <summary>How many of them were routed without a person.</summary>
    public long Auto { get; init; }

    /// <summary>How many have a label by now.</summary>
    public long Labelled { get; init; }

    /// <summary>How many have the label that was predicted.</summary>
    public long Agreed { get; init; }

    /// <summary>How sure the answers were; null without tickets.</summary>
    public ConfidenceFigures? Confidence { get; init; }

    /// <summary>By predicted category, the most frequent first.</summary>
    public IReadOnlyList<GroupFigures> Predictions { get; init; } = [];

    /// <summary>By route, the more frequent first.</summary>
    public IReadOnlyList<GroupFigures> Routes { get; init; } = [];

    /// <summary>By the version of the model that answered, the most frequent first.</summary>
    public IReadOnlyList<GroupFigures> Models { get; init; } = [];
}

/// <summary>Confidences of some tickets, 0 to 1. Percentiles may be off by a hundredth.</summary>
/// <param name="Average">The mean.</param>
/// <param name="P10">A tenth of the tickets has less.</param>
/// <param name="P50">The median.</param>
/// <param name="P90">A tenth of the tickets has more.</param>
public sealed record ConfidenceFigures(double Average, double P10, double P50, double P90);

/// <summary>The tickets that have something in common.</summary>
/// <param name="Name">What: a category, a route, or the number of a model's version.</param>
/// <param name="Tickets">How many there are.</param>
/// <param name="Labelled">How many have a label by now.</param>
/// <param name="Agreed">How many have the label that was predicted.</param>
public sealed record GroupFigures(string Name, long Tickets, long Labelled, long Agreed);
