using System.Text.Json;
using StackExchange.Redis;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Redis;

/// <summary>How challengers compare with champions, in Redis: a hash of counts, a hash of pairs, and a list of the latest texts.</summary>
public sealed class RedisShadowStore(RedisStore store, TimeProvider time) : IShadowStore
{
    private const int PairsShown = 50;

    /// <inheritdoc/>
    public Task AddAsync(ShadowComparisons comparisons, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(comparisons);
        RedisValue[] counts =
        [
            comparisons.Classifier, comparisons.Champion, comparisons.Challenger, RedisStore.Milliseconds(time.GetUtcNow()),
            comparisons.Compared, comparisons.Agreed, comparisons.ChampionRouted, comparisons.ChallengerRouted, comparisons.Dropped,
            ShadowReport.TicketsKept, comparisons.Pairs.Count,
        ];
        return store.RunAsync(
            """
            local name, champion, challenger = ARGV[1], ARGV[2], ARGV[3]
            local c, k = key('classifier', name), key('shadow', name)
            if field(c, 'champion') ~= champion or field(c, 'challenger') ~= challenger then return 0 end
            if field(k, 'champion') ~= champion or field(k, 'challenger') ~= challenger then
                redis.call('DEL', k, key('shadow-pairs', name), key('shadow-tickets', name))
                redis.call('HSET', k, 'champion', champion, 'challenger', challenger, 'since', ARGV[4])
            end
            for i, what in ipairs({ 'compared', 'agreed', 'champion_routed', 'challenger_routed', 'dropped' }) do
                redis.call('HINCRBY', k, what, ARGV[4 + i])
            end
            local pairs_ = tonumber(ARGV[11])
            for i = 1, pairs_ do redis.call('HINCRBY', key('shadow-pairs', name), ARGV[10 + 2 * i], ARGV[11 + 2 * i]) end
            for i = 12 + 2 * pairs_, #ARGV do redis.call('LPUSH', key('shadow-tickets', name), ARGV[i]) end
            redis.call('LTRIM', key('shadow-tickets', name), 0, tonumber(ARGV[10]) - 1)
            return 1
            """,
            cancellation,
            [
                .. counts,
                .. comparisons.Pairs.SelectMany(pair => new RedisValue[] { JsonSerializer.Serialize(new[] { pair.Champion, pair.Challenger }), pair.Count }),
                .. comparisons.Differences.Select(difference => (RedisValue)JsonSerializer.Serialize(difference, ContractsJson.Default.ShadowDifference)),
            ]);
    }

    /// <inheritdoc/>
    public async Task<ShadowReport?> ReadAsync(string classifier, CancellationToken cancellation)
    {
        var found = (RedisResult[])(await store.RunAsync(
            """
            local name = ARGV[1]
            local c, k = key('classifier', name), key('shadow', name)
            local champion, challenger = field(c, 'champion'), field(c, 'challenger')
            if not champion or not challenger then return {} end
            local present = { 'champion', champion, 'challenger', challenger }
            if field(k, 'champion') ~= champion or field(k, 'challenger') ~= challenger then return { present, {}, {} } end
            return { redis.call('HGETALL', k), redis.call('HGETALL', key('shadow-pairs', name)), redis.call('LRANGE', key('shadow-tickets', name), 0, -1) }
            """,
            cancellation,
            classifier))!;
        if (found.Length == 0)
        {
            return null;
        }

        var counts = RedisFields.Of(found[0])!;
        return new ShadowReport
        {
            Classifier = classifier,
            Champion = (int)counts.Number("champion"),
            Challenger = (int)counts.Number("challenger"),
            Since = counts.TimeOrNull("since"),
            Compared = counts.Number("compared"),
            Agreed = counts.Number("agreed"),
            ChampionRouted = counts.Number("champion_routed"),
            ChallengerRouted = counts.Number("challenger_routed"),
            Dropped = counts.Number("dropped"),
            Pairs = Pairs((RedisValue[])found[1]!),
            Tickets = [.. ((RedisValue[])found[2]!).Select(ticket => JsonSerializer.Deserialize((string)ticket!, ContractsJson.Default.ShadowDifference)!)],
        };
    }

    private static ShadowPair[] Pairs(RedisValue[] pairs) =>
    [
        .. Enumerable.Range(0, pairs.Length / 2)
            .Select(i => (Labels: JsonSerializer.Deserialize<string[]>((string)pairs[2 * i]!)!, Count: (long)pairs[(2 * i) + 1]))
            .Select(pair => new ShadowPair(pair.Labels[0], pair.Labels[1], pair.Count))
            .OrderByDescending(pair => pair.Count)
            .ThenBy(pair => pair.Champion, StringComparer.Ordinal)
            .ThenBy(pair => pair.Challenger, StringComparer.Ordinal)
            .Take(PairsShown),
    ];
}
