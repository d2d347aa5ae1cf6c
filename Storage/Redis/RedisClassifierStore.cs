using System.Text.Json;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Redis;

/// <summary>Classifiers in Redis: a hash each, and a sorted set of their names.</summary>
public sealed class RedisClassifierStore(RedisStore store, TimeProvider time) : IClassifierStore
{
    /// <summary>A classifier's fields with those of its data set behind them.</summary>
    private const string Read = """
        local function read(name)
            local k = key('classifier', name)
            local fields = redis.call('HGETALL', k)
            if #fields == 0 then return fields end
            table.insert(fields, 'labels')
            table.insert(fields, field(key('dataset', field(k, 'dataset')), 'labels') or '{}')
            return fields
        end

        """;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ClassifierInfo>> ListAsync(CancellationToken cancellation)
    {
        var all = await store.RunAsync(
            Read + """
            local all = {}
            for _, name in ipairs(redis.call('ZRANGE', key('classifiers'), 0, -1)) do table.insert(all, read(name)) end
            return all
            """,
            cancellation);
        return [.. RedisFields.AllOf(all).Select(ToClassifier)];
    }

    /// <inheritdoc/>
    public async Task<ClassifierInfo?> FindAsync(string name, CancellationToken cancellation) =>
        RedisFields.Of(await store.RunAsync(Read + "return read(ARGV[1])", cancellation, name)) is { } fields ? ToClassifier(fields) : null;

    /// <inheritdoc/>
    public async Task<bool> PutAsync(string name, LabelKind label, string dataset, CancellationToken cancellation)
    {
        var created = await store.ChangeAsync(
            """
            local name, label, dataset, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
            if redis.call('EXISTS', key('dataset', dataset)) == 0 then return -1 end
            local k = key('classifier', name)
            local created = redis.call('EXISTS', k) == 0
            if created then
                redis.call('ZADD', key('classifiers'), 0, name)
                redis.call('HSET', k, 'name', name, 'label', label, 'created_at', now, 'settings', '{}')
            end
            redis.call('HSET', k, 'dataset', dataset)
            event('classifier', name, now, 'of', name)
            return created and 1 or 0
            """,
            cancellation,
            name, label.Word, dataset, RedisStore.Milliseconds(time.GetUtcNow()));
        return (long)created switch
        {
            -1 => throw new KeyNotFoundException($"There is no data set {dataset}."),
            var flag => flag == 1,
        };
    }

    /// <inheritdoc/>
    public async Task<bool> SetAsync(string name, ClassifierSettings settings, CancellationToken cancellation) =>
        (long)await store.ChangeAsync(
            """
            local k = key('classifier', ARGV[1])
            if redis.call('EXISTS', k) == 0 then return 0 end
            redis.call('HSET', k, 'settings', ARGV[2])
            event('classifier', ARGV[1], ARGV[3], 'of', ARGV[1])
            return 1
            """,
            cancellation,
            name,
            JsonSerializer.Serialize(settings, ContractsJson.Default.ClassifierSettings),
            RedisStore.Milliseconds(time.GetUtcNow())) == 1;

    /// <inheritdoc/>
    public async Task<bool> SetChallengerAsync(string name, int? version, CancellationToken cancellation) =>
        (long)await store.ChangeAsync(
            """
            local name, version = ARGV[1], ARGV[2]
            local k = key('classifier', name)
            if redis.call('EXISTS', k) == 0 then return 0 end
            if version == '' then
                redis.call('HDEL', k, 'challenger')
            else
                if redis.call('EXISTS', key('model', name, version)) == 0 or field(k, 'champion') == version then return 0 end
                redis.call('HSET', k, 'challenger', version)
            end
            event('classifier', name, ARGV[3], 'of', name)
            return 1
            """,
            cancellation,
            name,
            version is { } number ? number : string.Empty,
            RedisStore.Milliseconds(time.GetUtcNow())) == 1;

    private static ClassifierInfo ToClassifier(RedisFields fields) => new()
    {
        Name = fields.Text("name"),
        Label = fields.Enum<LabelKind>("label"),
        Dataset = fields.Text("dataset"),
        Labels = JsonSerializer.Deserialize(fields.Text("labels"), ContractsJson.Default.IReadOnlyDictionaryStringInt32)!
            .Keys.Order(StringComparer.Ordinal).ToArray(),
        FeedbackSeen = fields.Number("feedback_seen"),
        FeedbackTried = fields.Number("feedback_tried"),
        Settings = JsonSerializer.Deserialize(fields.Text("settings"), ContractsJson.Default.ClassifierSettings)!,
        CreatedAt = fields.Time("created_at"),
        SetAside = fields.TextOrNull("set_aside"),
        Champion = (int?)fields.NumberOrNull("champion"),
        Challenger = (int?)fields.NumberOrNull("challenger"),
        LastVersion = (int)fields.Number("last_version"),
    };
}
