using System.Security.Cryptography;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Redis;

/// <summary>
/// The model registry in Redis: a hash for each version, a sorted set of the versions, and the files by checksum, which are
/// written before the record that names them.
/// </summary>
public sealed class RedisModelStore(RedisStore store, TimeProvider time) : IModelStore
{
    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, ModelInfo>> ChampionsAsync(CancellationToken cancellation)
    {
        var champions = await store.RunAsync(
            RedisModels.Library + """
            local all = {}
            for _, name in ipairs(redis.call('ZRANGE', key('classifiers'), 0, -1)) do
                local champion = field(key('classifier', name), 'champion')
                if champion then table.insert(all, read_model(name, champion)) end
            end
            return all
            """,
            cancellation);
        return RedisFields.AllOf(champions).Select(RedisModels.ToModel).ToDictionary(model => model.Classifier, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ModelInfo>> ListAsync(string classifier, CancellationToken cancellation)
    {
        var all = await store.RunAsync(
            RedisModels.Library + """
            local all = {}
            for _, version in ipairs(redis.call('ZREVRANGE', key('models', ARGV[1]), 0, -1)) do table.insert(all, read_model(ARGV[1], version)) end
            return all
            """,
            cancellation,
            classifier);
        return [.. RedisFields.AllOf(all).Select(RedisModels.ToModel)];
    }

    /// <inheritdoc/>
    public async Task<ModelInfo?> FindAsync(string classifier, int version, CancellationToken cancellation) =>
        Model(await store.RunAsync(RedisModels.Library + "return read_model(ARGV[1], ARGV[2])", cancellation, classifier, version));

    /// <inheritdoc/>
    public async Task<byte[]> ReadAsync(string classifier, int version, CancellationToken cancellation)
    {
        var model = await FindAsync(classifier, version, cancellation) ?? throw None(classifier, version);
        byte[]? content = await store.AskAsync(database => database.StringGetAsync(store.Key("file", model.Checksum)), cancellation, RedisConnection.FilePatience);
        var file = content ?? throw None(classifier, version);
        return Convert.ToHexStringLower(SHA256.HashData(file)) == model.Checksum
            ? file
            : throw new InvalidDataException(
                $"The stored file of version {version} of '{classifier}' is damaged: it does not match its checksum {model.Checksum}.");
    }

    /// <inheritdoc/>
    public async Task<ModelInfo?> PromoteAsync(string classifier, int version, string by, CancellationToken cancellation) =>
        Model(await store.ChangeAsync(
            RedisModels.Library + """
            local name, version = ARGV[1], ARGV[2]
            if redis.call('EXISTS', key('model', name, version)) == 1 and field(key('classifier', name), 'champion') ~= version then
                promote(name, version, ARGV[3], ARGV[4])
            end
            return read_model(name, version)
            """,
            cancellation,
            classifier, version, by, RedisStore.Milliseconds(time.GetUtcNow())));

    /// <inheritdoc/>
    public async Task<ModelInfo?> RollBackAsync(string classifier, string by, CancellationToken cancellation) =>
        Model(await store.ChangeAsync(
            RedisModels.Library + """
            local name, before, retired = ARGV[1], nil, -1
            for _, version in ipairs(redis.call('ZREVRANGE', key('models', name), 0, -1)) do
                local k = key('model', name, version)
                if field(k, 'state') == 'former' and number(k, 'retired_at') > retired then
                    before, retired = version, number(k, 'retired_at')
                end
            end
            if not before then return {} end
            promote(name, before, ARGV[2], ARGV[3])
            return read_model(name, before)
            """,
            cancellation,
            classifier, by, RedisStore.Milliseconds(time.GetUtcNow())));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ServiceTime>> ServiceTimesAsync(
        string classifier, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var found = (StackExchange.Redis.RedisResult[])(await store.RunAsync(
            RedisModels.Library + """
            local all = {}
            for _, version in ipairs(redis.call('ZRANGE', key('models', ARGV[1]), 0, -1)) do
                if field(key('model', ARGV[1], version), 'promoted_at') then table.insert(all, read_model(ARGV[1], version)) end
            end
            return { redis.call('LRANGE', key('service-times', ARGV[1]), 0, -1), all }
            """,
            cancellation,
            classifier))!;
        // What has ended is there twice, but for what ended before such times were kept.
        return
        [
            .. ((StackExchange.Redis.RedisValue[])found[0]!).Select(kept => RedisModels.ToServiceTime(kept!))
                .Concat(RedisFields.AllOf(found[1]).Select(RedisModels.ToModel).Select(RedisModels.ToServiceTime))
                .DistinctBy(time => (time.Model, time.From, time.To))
                .Where(time => time.From < to && (time.To is null || time.To > from))
                .OrderBy(time => time.From).ThenBy(time => time.To is null),
        ];
    }

    /// <inheritdoc/>
    public async Task<ModelDeletion> DeleteAsync(string classifier, int version, CancellationToken cancellation) =>
        (ModelDeletion)(int)await store.ChangeAsync(
            RedisModels.Library + """
            local name, version = ARGV[1], ARGV[2]
            local k = key('classifier', name)
            if redis.call('EXISTS', key('model', name, version)) == 0 then return tonumber(ARGV[4]) end
            if field(k, 'champion') == version or field(k, 'challenger') == version then return tonumber(ARGV[5]) end
            delete_model(name, version)
            return tonumber(ARGV[3])
            """,
            cancellation,
            classifier, version, (int)ModelDeletion.Deleted, (int)ModelDeletion.NotFound, (int)ModelDeletion.InUse);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<int>> PruneAsync(string classifier, int newest, DateTimeOffset served, CancellationToken cancellation)
    {
        var deleted = await store.ChangeAsync(
            RedisModels.Library + """
            local name, newest, served = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
            local k = key('classifier', name)
            local champion, challenger = field(k, 'champion'), field(k, 'challenger')
            local deleted = {}
            for _, version in ipairs(redis.call('ZREVRANGE', key('models', name), newest, -1)) do
                if version ~= champion and version ~= challenger and number(key('model', name, version), 'retired_at') < served then
                    delete_model(name, version)
                    table.insert(deleted, 1, tonumber(version))
                end
            end
            return deleted
            """,
            cancellation,
            classifier, newest, RedisStore.Milliseconds(served));
        return [.. ((StackExchange.Redis.RedisValue[])deleted!).Select(version => (int)version)];
    }

    private static KeyNotFoundException None(string classifier, int version) => new($"There is no version {version} of '{classifier}'.");

    private static ModelInfo? Model(StackExchange.Redis.RedisResult result) =>
        RedisFields.Of(result) is { } fields ? RedisModels.ToModel(fields) : null;
}
