namespace TicketAspire.ServiceDefaults.Telemetry.Rollups;

/// <summary>
/// The buckets of a series' histogram. They are fixed, so that what was added up at different times and places can be added;
/// a change here needs another name for the series.
/// </summary>
public sealed class RollupBuckets
{
    private const double Least = 1e-5;
    private const double Factor = 1.25;
    private const double Longest = 3600;
    private const int Shares = 20;
    private const double Margin = 1e-5;
    private static readonly double LogFactor = Math.Log(Factor);

    private readonly bool _geometric;

    private RollupBuckets(int count, bool geometric) => (Count, _geometric) = (count, geometric);

    /// <summary>
    /// For seconds: the first bucket up to 10 µs, each further one to 1.25 times the one before, the last from an hour on. So a
    /// quantile of more than 10 µs is told a quarter too high or a fifth too low at most.
    /// </summary>
    public static RollupBuckets Durations { get; } = new(2 + (int)Math.Ceiling(Math.Log(Longest / Least) / LogFactor), geometric: true);

    /// <summary>For shares and probabilities: twenty equal ones from 0 to 1, each with its lower edge; the last with both.</summary>
    public static RollupBuckets Fractions { get; } = new(Shares, geometric: false);

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>The bucket that a value falls into; one beyond either end falls into the outermost.</summary>
    public int Of(double value)
    {
        if (!_geometric)
        {
            // The margin: 3 of 20 words must fall into one bucket however the share was computed.
            return value >= 1 ? Shares - 1 : value > 0 ? Math.Min(Shares - 1, (int)((value * Shares) + Margin)) : 0;
        }

        return value > Least ? Math.Min(Count - 1, (int)Math.Ceiling((Math.Log(value / Least) / LogFactor) - 1e-9)) : 0;
    }

    /// <summary>Where a bucket ends.</summary>
    public double Upper(int bucket) => _geometric ? Least * Math.Pow(Factor, bucket) : (bucket + 1.0) / Shares;

    /// <summary>Where a bucket begins.</summary>
    public double Lower(int bucket) => bucket == 0 ? 0 : Upper(bucket - 1);

    /// <summary>The value below which a share of all values lies, interpolated within its bucket; null where there are none.</summary>
    /// <param name="counts">How many values are in which bucket.</param>
    /// <param name="share">The share, 0 to 1: 0.95 for p95.</param>
    public double? Quantile(IReadOnlyDictionary<int, long> counts, double share)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var total = counts.Values.Sum();
        if (total == 0)
        {
            return null;
        }

        var rank = share * total;
        var below = 0L;
        var last = 0;
        foreach (var (bucket, count) in counts.OrderBy(pair => pair.Key))
        {
            if (count > 0 && below + count >= rank)
            {
                var (lower, upper) = (Lower(bucket), Upper(bucket));
                return lower + ((upper - lower) * Math.Clamp((rank - below) / count, 0, 1));
            }

            below += count;
            last = bucket;
        }

        return Upper(last);
    }
}
