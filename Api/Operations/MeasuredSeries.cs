using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Telemetry.Rollups;

namespace TicketAspire.Api.Operations;

/// <summary>What was measured of one series, to be told by intervals.</summary>
internal sealed class MeasuredSeries(RollupSeries series, IEnumerable<Rollup> rollups, OperationsRange range)
{
    private readonly (int Interval, Rollup Rollup)[] _rollups =
        [.. rollups.Select(rollup => (Interval: range.IndexOf(rollup.At), Rollup: rollup))
            .Where(one => one.Interval is not null).Select(one => (one.Interval!.Value, one.Rollup))];

    /// <summary>How many, of those that are meant.</summary>
    public long[] Counts(Func<Rollup, bool>? meant = null)
    {
        var counts = new long[range.Count];
        foreach (var (interval, rollup) in _rollups)
        {
            counts[interval] += meant is null || meant(rollup) ? rollup.Count : 0;
        }

        return counts;
    }

    /// <summary>How many by one of the tags, the most frequent first.</summary>
    public IReadOnlyList<CountSeries> CountsBy(int tag) =>
    [
        .. _rollups.Select(one => one.Rollup.Tags[tag]).Distinct(StringComparer.Ordinal)
            .Select(value => new CountSeries(value, Counts(rollup => rollup.Tags[tag] == value)))
            .OrderByDescending(one => one.Counts.Sum()).ThenBy(one => one.Name, StringComparer.Ordinal),
    ];

    /// <summary>The mean of each interval; null where there is none.</summary>
    public double?[] Means()
    {
        var (counts, sums) = (Counts(), new double[range.Count]);
        foreach (var (interval, rollup) in _rollups)
        {
            sums[interval] += rollup.Sum;
        }

        return [.. counts.Select((count, i) => count == 0 ? (double?)null : Rounded(sums[i] / count))];
    }

    /// <summary>A quantile of each interval; null where there is none.</summary>
    public double?[] Quantiles(double share)
    {
        var buckets = new Dictionary<int, long>?[range.Count];
        foreach (var (interval, rollup) in _rollups)
        {
            Add(buckets[interval] ??= [], rollup);
        }

        return [.. buckets.Select(one => one is null ? null : Rounded(series.Buckets!.Quantile(one, share)))];
    }

    /// <summary>All buckets over all intervals.</summary>
    public long[] Buckets()
    {
        var all = Together();
        return [.. Enumerable.Range(0, series.Buckets!.Count).Select(bucket => all.GetValueOrDefault(bucket))];
    }

    /// <summary>How many, how much on average, and the 95 % quantile, over all intervals; null where there is none.</summary>
    public (long Count, double Mean, double P95)? Whole()
    {
        var count = _rollups.Sum(one => one.Rollup.Count);
        return count == 0
            ? null
            : (count, Rounded(_rollups.Sum(one => one.Rollup.Sum) / count)!.Value, Rounded(series.Buckets!.Quantile(Together(), 0.95)) ?? 0);
    }

    private Dictionary<int, long> Together()
    {
        var all = new Dictionary<int, long>();
        foreach (var (_, rollup) in _rollups)
        {
            Add(all, rollup);
        }

        return all;
    }

    private static void Add(Dictionary<int, long> buckets, Rollup rollup)
    {
        foreach (var (bucket, count) in rollup.Buckets)
        {
            buckets[bucket] = buckets.GetValueOrDefault(bucket) + count;
        }
    }

    private static double? Rounded(double? value) => value is { } number ? Math.Round(number, 6) : null;
}
