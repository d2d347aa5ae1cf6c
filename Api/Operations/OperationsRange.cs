using System.Globalization;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.Storage;

namespace TicketAspire.Api.Operations;

/// <summary>From when to when a report is, and by which intervals.</summary>
/// <param name="From">When the first interval begins.</param>
/// <param name="To">When the last one ends.</param>
/// <param name="Step">How long an interval is.</param>
/// <param name="Span">By which spans what was measured is read for it.</param>
internal sealed record OperationsRange(DateTimeOffset From, DateTimeOffset To, TimeSpan Step, RollupSpan Span)
{
    private const int MostIntervals = 90;

    private static readonly TimeSpan Default = TimeSpan.FromHours(1);

    private static readonly Dictionary<string, TimeSpan> Named = new(StringComparer.Ordinal)
    {
        ["1h"] = TimeSpan.FromHours(1),
        ["6h"] = TimeSpan.FromHours(6),
        ["24h"] = TimeSpan.FromHours(24),
        ["7d"] = TimeSpan.FromDays(7),
        ["30d"] = TimeSpan.FromDays(30),
    };

    private static readonly (RollupSpan Span, TimeSpan Step)[] Steps =
    [
        (RollupSpan.Minute, TimeSpan.FromMinutes(1)),
        (RollupSpan.TenMinutes, TimeSpan.FromMinutes(10)),
        (RollupSpan.TenMinutes, TimeSpan.FromMinutes(20)),
        (RollupSpan.Hour, TimeSpan.FromHours(1)),
        (RollupSpan.Hour, TimeSpan.FromHours(2)),
        (RollupSpan.Hour, TimeSpan.FromHours(4)),
        (RollupSpan.Hour, TimeSpan.FromHours(8)),
        (RollupSpan.Hour, TimeSpan.FromHours(12)),
    ];

    /// <summary>How many intervals.</summary>
    public int Count => (int)((To - From) / Step);

    /// <summary>When each interval begins.</summary>
    public DateTimeOffset[] Times => [.. Enumerable.Range(0, Count).Select(i => From + (i * Step))];

    /// <summary>The interval that a time is in; null for none.</summary>
    public int? IndexOf(DateTimeOffset time) => time < From || time >= To ? null : (int)((time - From) / Step);

    /// <summary>Reads what an address says.</summary>
    /// <exception cref="RequestException">400: it says nothing that can be told.</exception>
    public static OperationsRange Of(string? range, string? from, string? to, DateTimeOffset now)
    {
        if (!string.IsNullOrEmpty(range))
        {
            if (!string.IsNullOrEmpty(from) || !string.IsNullOrEmpty(to))
            {
                throw RequestException.BadRequest("Give either 'range', or 'from' and 'to'");
            }

            return Named.TryGetValue(range, out var length)
                ? Of(now - length, now, now)
                : throw RequestException.BadRequest($"'range' is {string.Join(", ", Named.Keys.SkipLast(1))} or {Named.Keys.Last()}");
        }

        var end = Time("to", to) ?? now;
        end = end < now ? end : now;
        var begin = Time("from", from) ?? (end - Default);
        if (begin >= end)
        {
            throw RequestException.BadRequest("'from' must be before 'to', and in the past");
        }

        return end - begin <= RollupSpan.Hour.Kept
            ? Of(begin, end, now)
            : throw RequestException.BadRequest($"From 'from' to 'to' there can be {RollupSpan.Hour.Kept.TotalDays:F0} days at most");
    }

    private static OperationsRange Of(DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        // Of what is older than anything is kept there is nothing to tell, by whatever intervals.
        var (span, step) = Steps.First(one =>
            (to - from) / one.Step <= MostIntervals && (one.Span == RollupSpan.Hour || now - from <= one.Span.Kept));
        var begin = from.UtcTicks - (from.UtcTicks % step.Ticks);
        var end = to.UtcTicks + ((step.Ticks - (to.UtcTicks % step.Ticks)) % step.Ticks);
        return new OperationsRange(new DateTimeOffset(begin, TimeSpan.Zero), new DateTimeOffset(end, TimeSpan.Zero), step, span);
    }

    private static DateTimeOffset? Time(string name, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        return TimeParameter.TryParse(value, DateTimeStyles.AdjustToUniversal, out var time) && time.Year > 1970
            ? time
            : throw RequestException.BadRequest($"'{name}' is no time as 2026-03-04T05:06:07Z");
    }
}
