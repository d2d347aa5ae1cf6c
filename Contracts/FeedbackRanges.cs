using System.Globalization;

namespace TicketAspire.Contracts;

/// <summary>
/// Feedback entries by their ids, as ranges from the first to the last: how it is kept which feedback is set aside. As text
/// <c>11-20 31-40</c>, ascending.
/// </summary>
public sealed class FeedbackRanges
{
    private readonly (long First, long Last)[] _ranges;

    private FeedbackRanges((long First, long Last)[] ranges) => _ranges = ranges;

    /// <summary>No entries.</summary>
    public static FeedbackRanges None { get; } = new([]);

    /// <summary>True if there is no range.</summary>
    public bool IsEmpty => _ranges.Length == 0;

    /// <summary>The ranges' first and last ids.</summary>
    public IReadOnlyList<(long First, long Last)> All => _ranges;

    /// <summary>Reads the text; null and blank are none.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static FeedbackRanges Parse(string? text) => new(
    [
        .. (text ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(range => range.Split('-') is [var first, var last]
            ? (long.Parse(first, CultureInfo.InvariantCulture), long.Parse(last, CultureInfo.InvariantCulture))
            : throw new FormatException($"'{range}' is no range of feedback entries.")),
    ]);

    /// <summary>True if the entry is in one of the ranges.</summary>
    public bool Contains(long entry) => _ranges.Any(range => entry >= range.First && entry <= range.Last);

    /// <summary>These, and another range behind them; one without entries adds nothing.</summary>
    public FeedbackRanges And(long first, long last) => last < first ? this : new([.. _ranges, (first, last)]);

    /// <summary>These, and of the others those that begin after an entry.</summary>
    public FeedbackRanges AndAfter(FeedbackRanges others, long entry)
    {
        ArgumentNullException.ThrowIfNull(others);
        return new([.. _ranges, .. others._ranges.Where(range => range.First > entry)]);
    }

    /// <summary>The text; null for none.</summary>
    public string? ToText() => IsEmpty
        ? null
        : string.Join(' ', _ranges.Select(range => string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}")));
}
