namespace TicketAspire.Storage.Redis;

/// <summary>What trainings hand on, in Redis: a key each, and a list of them, newest first.</summary>
public sealed class RedisTrainingCache(RedisStore store) : ITrainingCache
{
    /// <inheritdoc/>
    public async Task<byte[]?> FindAsync(string classifier, string key, CancellationToken cancellation) =>
        await store.AskAsync(database => database.StringGetAsync(store.Key("cache", classifier, key)), cancellation, RedisConnection.FilePatience);

    /// <inheritdoc/>
    public async Task SaveAsync(string classifier, string key, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var saved = await store.RunAsync(
            """
            local name, entry, kept = ARGV[1], ARGV[2], tonumber(ARGV[4])
            if redis.call('EXISTS', key('classifier', name)) == 0 then return 0 end
            redis.call('SET', key('cache', name, entry), ARGV[3])
            redis.call('LREM', key('cached', name), 0, entry)
            redis.call('LPUSH', key('cached', name), entry)
            for _, old in ipairs(redis.call('LRANGE', key('cached', name), kept, -1)) do redis.call('DEL', key('cache', name, old)) end
            redis.call('LTRIM', key('cached', name), 0, kept - 1)
            return 1
            """,
            cancellation,
            classifier, key, content.ToArray(), ITrainingCache.Kept);
        if ((long)saved == 0)
        {
            throw new KeyNotFoundException($"There is no classifier '{classifier}'.");
        }
    }
}
