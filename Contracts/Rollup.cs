namespace TicketAspire.Contracts;

/// <summary>
/// Measurements of one series with the same tags within one span of time, added up. Two of the same span, series and tags
/// are merged by adding all their numbers.
/// </summary>
public sealed record Rollup
{
    /// <summary>When the span begins, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The instrument's name.</summary>
    public required string Series { get; init; }

    /// <summary>The tags' values, in the order in which the series names them; empty for one that is absent.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>What a counter counted, or how many values a histogram was given.</summary>
    public required long Count { get; init; }

    /// <summary>The sum of a histogram's values, in the instrument's unit; 0 for a counter.</summary>
    public double Sum { get; init; }

    /// <summary>How many of a histogram's values fell into which of its series' buckets; empty for a counter.</summary>
    public IReadOnlyDictionary<int, long> Buckets { get; init; } = NoBuckets;

    private static IReadOnlyDictionary<int, long> NoBuckets { get; } = new Dictionary<int, long>();

    /// <summary>This and another of the same span, series and tags.</summary>
    public Rollup Plus(Rollup other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var buckets = new Dictionary<int, long>(Buckets);
        foreach (var (bucket, count) in other.Buckets)
        {
            buckets[bucket] = buckets.GetValueOrDefault(bucket) + count;
        }

        return this with { Count = Count + other.Count, Sum = Sum + other.Sum, Buckets = buckets };
    }
}
