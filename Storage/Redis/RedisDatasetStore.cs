using System.Text.Json;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Redis;

/// <summary>Data sets in Redis: a hash each, with the packed content as a field.</summary>
public sealed class RedisDatasetStore(RedisStore store, TimeProvider time) : IDatasetStore
{
    private const string Read = "return redis.call('HMGET', key('dataset', ARGV[1]), 'examples', 'labels', 'created_at')";

    /// <inheritdoc/>
    public async Task<DatasetInfo> SaveAsync(DatasetContent content, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        // The same content again stays as it is; only a damaged copy is mended.
        await store.ChangeFileAsync(
            """
            local k = key('dataset', ARGV[1])
            redis.call('HSETNX', k, 'created_at', ARGV[5])
            redis.call('HSET', k, 'examples', ARGV[2], 'labels', ARGV[3], 'content', ARGV[4])
            return 1
            """,
            cancellation,
            content.Hash,
            content.Examples,
            JsonSerializer.Serialize(content.Labels, ContractsJson.Default.IReadOnlyDictionaryStringInt32),
            content.Packed.ToArray(),
            RedisStore.Milliseconds(time.GetUtcNow()));
        return (await FindAsync(content.Hash, cancellation))!;
    }

    /// <inheritdoc/>
    public async Task<DatasetInfo?> FindAsync(string hash, CancellationToken cancellation)
    {
        var values = (StackExchange.Redis.RedisValue[])(await store.RunAsync(Read, cancellation, hash))!;
        return values[0].IsNull
            ? null
            : new DatasetInfo(
                hash,
                (int)values[0],
                JsonSerializer.Deserialize((string)values[1]!, ContractsJson.Default.IReadOnlyDictionaryStringInt32)!,
                DateTimeOffset.FromUnixTimeMilliseconds((long)values[2]));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Example>> ReadAsync(string hash, CancellationToken cancellation)
    {
        byte[]? packed = await store.AskAsync(database => database.HashGetAsync(store.Key("dataset", hash), "content"), cancellation, RedisConnection.FilePatience);
        return DatasetContent.Unpack(hash, packed ?? throw new KeyNotFoundException($"There is no data set {hash}."));
    }
}
