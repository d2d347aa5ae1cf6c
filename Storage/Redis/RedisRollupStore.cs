using System.Globalization;
using System.Text.Json;
using StackExchange.Redis;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Redis;

/// <summary>
/// Rollups in Redis: a hash for each span and series, which goes by itself when it is old. What is added goes into the spans
/// of every length at once. A hash's fields are <c>count|tags</c>, <c>sum|tags</c>, and <c>12|tags</c> for a histogram's
/// bucket 12; the tags are a JSON array.
/// </summary>
public sealed class RedisRollupStore(RedisStore store, TimeProvider time) : IRollupStore
{
    /// <summary>So many rollups are one script; nobody else is heard while it runs.</summary>
    private const int AtOnce = 100;

    /// <summary>So many hashes are read at once.</summary>
    private const int HashesAtOnce = 60;

    private const string AddScript = """
        local spans = {}
        for i = 1, 3 do spans[i] = { length = tonumber(ARGV[i * 2 - 1]), kept = ARGV[i * 2] } end
        local a = 7
        while a <= #ARGV do
            local series, at, tags, count, sum, buckets = ARGV[a], tonumber(ARGV[a + 1]), ARGV[a + 2], ARGV[a + 3], ARGV[a + 4], tonumber(ARGV[a + 5])
            for _, span in ipairs(spans) do
                local k = key('rollups', string.format('%.0f', span.length), series, string.format('%.0f', at - at % span.length))
                redis.call('HINCRBY', k, 'count|' .. tags, count)
                if sum ~= '0' then redis.call('HINCRBYFLOAT', k, 'sum|' .. tags, sum) end
                for i = 1, buckets do redis.call('HINCRBY', k, ARGV[a + 4 + i * 2] .. '|' .. tags, ARGV[a + 5 + i * 2]) end
                redis.call('EXPIRE', k, span.kept)
            end
            a = a + 6 + buckets * 2
        end
        return 1
        """;

    private static readonly RollupSpan[] Spans = Enum.GetValues<RollupSpan>();

    /// <inheritdoc/>
    public async Task AddAsync(IReadOnlyList<Rollup> rollups, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rollups);
        RedisValue[] spans = [.. Spans.SelectMany(span => new RedisValue[] { Seconds(span.Length), Seconds(span.Kept + span.Length) })];
        foreach (var some in rollups.Chunk(AtOnce))
        {
            await store.RunAsync(AddScript, cancellation, [.. spans, .. some.SelectMany(Arguments)]);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Rollup>> ReadAsync(
        RollupSpan span, DateTimeOffset from, DateTimeOffset to, IReadOnlyCollection<string> series, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(series);
        var now = time.GetUtcNow();
        var kept = now - span.Kept;
        // Nothing is kept of what is still to come, however far one asks.
        var end = to < now + span.Length ? to : now + span.Length;
        var hashes = new List<(DateTimeOffset At, string Series)>();
        for (var at = span.Begin(from > kept ? from : kept); at < end; at += span.Length)
        {
            hashes.AddRange(series.Select(one => (at, one)));
        }

        var rollups = new List<Rollup>();
        foreach (var some in hashes.Chunk(HashesAtOnce))
        {
            RedisValue[] arguments =
                [Seconds(span.Length), .. some.SelectMany(hash => new RedisValue[] { hash.Series, hash.At.ToUnixTimeSeconds() })];
            var found = (RedisResult[])(await store.RunAsync(
                """
                local all = {}
                for i = 2, #ARGV, 2 do table.insert(all, redis.call('HGETALL', key('rollups', ARGV[1], ARGV[i], ARGV[i + 1]))) end
                return all
                """,
                cancellation,
                arguments))!;
            for (var i = 0; i < some.Length; i++)
            {
                rollups.AddRange(ToRollups(some[i].At, some[i].Series, (RedisValue[])found[i]!));
            }
        }

        return rollups;
    }

    private static long Seconds(TimeSpan time) => (long)time.TotalSeconds;

    private static IEnumerable<RedisValue> Arguments(Rollup rollup) =>
    [
        rollup.Series, rollup.At.ToUnixTimeSeconds(), JsonSerializer.Serialize(rollup.Tags, ContractsJson.Default.IReadOnlyListString),
        rollup.Count, RedisStore.Number(rollup.Sum), rollup.Buckets.Count,
        .. rollup.Buckets.SelectMany(bucket => new RedisValue[] { bucket.Key, bucket.Value }),
    ];

    private static IEnumerable<Rollup> ToRollups(DateTimeOffset at, string series, RedisValue[] fields)
    {
        var byTags = new SortedDictionary<string, (long Count, double Sum, Dictionary<int, long> Buckets)>(StringComparer.Ordinal);
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            var name = (string)fields[i]!;
            var end = name.IndexOf('|', StringComparison.Ordinal);
            var tags = name[(end + 1)..];
            var found = byTags.TryGetValue(tags, out var present) ? present : (0, 0, []);
            switch (name.AsSpan(0, end))
            {
                case "count":
                    found.Count = (long)fields[i + 1];
                    break;
                case "sum":
                    found.Sum = double.Parse((string)fields[i + 1]!, CultureInfo.InvariantCulture);
                    break;
                default:
                    found.Buckets[int.Parse(name.AsSpan(0, end), CultureInfo.InvariantCulture)] = (long)fields[i + 1];
                    break;
            }

            byTags[tags] = found;
        }

        return byTags.Select(pair => new Rollup
        {
            At = at,
            Series = series,
            Tags = JsonSerializer.Deserialize(pair.Key, ContractsJson.Default.IReadOnlyListString)!,
            Count = pair.Value.Count,
            Sum = pair.Value.Sum,
            Buckets = pair.Value.Buckets,
        });
    }
}
