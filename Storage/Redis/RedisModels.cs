using System.Globalization;
using System.Text.Json;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Redis;

/// <summary>The model registry's part of scripts, for the store of models and for the runs that make them.</summary>
internal static class RedisModels
{
    /// <summary>Lua: reads, promotes and deletes versions.</summary>
    public const string Library = """
        local function read_model(name, version)
            local fields = redis.call('HGETALL', key('model', name, version))
            if #fields == 0 then return fields end
            for _, more in ipairs({ 'classifier', name, 'version', version }) do table.insert(fields, more) end
            return fields
        end
        local function set_aside(name, ranges)
            local k = key('classifier', name)
            if #ranges > 0 then redis.call('HSET', k, 'set_aside', table.concat(ranges, ' ')) else redis.call('HDEL', k, 'set_aside') end
        end
        local function ranges_of(text)
            local ranges = {}
            for range in string.gmatch(text or '', '%S+') do table.insert(ranges, range) end
            return ranges
        end
        -- Each version knows its last time in service: the one that ends is kept, for it may serve again.
        local function keep_service_time(name, version)
            local k = key('model', name, version)
            if not field(k, 'promoted_at') then return end
            redis.call('RPUSH', key('service-times', name), cjson.encode({
                version, field(k, 'promoted_at'), field(k, 'retired_at'), field(k, 'promoted_by') or '',
                string.format('%.17g', cjson.decode(field(k, 'metrics')).accuracy) }))
            redis.call('LTRIM', key('service-times', name), -1000, -1)
        end
        local function promote(name, version, by, now)
            local k = key('classifier', name)
            -- What it has learned from is set aside no longer.
            local lineage = cjson.decode(field(key('model', name, version), 'lineage'))
            local ranges = ranges_of(lineage.set_aside)
            for _, range in ipairs(ranges_of(field(k, 'set_aside'))) do
                if tonumber(string.match(range, '^%d+')) > lineage.feedback_mark then table.insert(ranges, range) end
            end
            set_aside(name, ranges)
            local before = field(k, 'champion')
            if before then
                redis.call('HSET', key('model', name, before), 'state', 'former', 'retired_at', now)
                keep_service_time(name, before)
            end
            redis.call('HSET', key('model', name, version), 'state', 'champion', 'promoted_by', by, 'promoted_at', now)
            redis.call('HDEL', key('model', name, version), 'retired_at')
            redis.call('HSET', k, 'champion', version)
            if field(k, 'challenger') == tostring(version) then redis.call('HDEL', k, 'challenger') end
            event('champion', name, now, 'model', version)
        end
        local function delete_model(name, version)
            local checksum = field(key('model', name, version), 'checksum')
            redis.call('DEL', key('model', name, version))
            redis.call('ZREM', key('models', name), version)
            if redis.call('HINCRBY', key('files'), checksum, -1) <= 0 then
                redis.call('HDEL', key('files'), checksum)
                redis.call('DEL', key('file', checksum))
            end
        end

        """;

    /// <summary>Makes the record of what the script has kept.</summary>
    public static ServiceTime ToServiceTime(string kept)
    {
        var parts = JsonSerializer.Deserialize(kept, ContractsJson.Default.IReadOnlyListString)!;
        return new ServiceTime(
            int.Parse(parts[0], CultureInfo.InvariantCulture),
            DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[1], CultureInfo.InvariantCulture)),
            DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[2], CultureInfo.InvariantCulture)),
            double.Parse(parts[4], CultureInfo.InvariantCulture),
            parts[3].Length > 0 ? parts[3] : null);
    }

    /// <summary>The last time in service of a version that has served.</summary>
    public static ServiceTime ToServiceTime(ModelInfo model) => new(
        model.Version, model.PromotedAt!.Value, model.State == ModelState.Champion ? null : model.RetiredAt ?? model.PromotedAt, model.Metrics.Accuracy, model.PromotedBy);

    /// <summary>Makes the record of what a script has read.</summary>
    public static ModelInfo ToModel(RedisFields fields) => new()
    {
        Classifier = fields.Text("classifier"),
        Version = (int)fields.Number("version"),
        State = fields.Enum<ModelState>("state"),
        CreatedAt = fields.Time("created_at"),
        Run = fields.Number("run"),
        Lineage = JsonSerializer.Deserialize(fields.Text("lineage"), ContractsJson.Default.ModelLineage)!,
        Size = fields.Number("size"),
        Checksum = fields.Text("checksum"),
        Metrics = JsonSerializer.Deserialize(fields.Text("metrics"), ContractsJson.Default.ModelMetrics)!,
        Reason = fields.Text("reason"),
        Decision = fields.TextOrNull("decision") is { Length: > 0 } decision
            ? JsonSerializer.Deserialize(decision, ContractsJson.Default.GateDecision)
            : null,
        PromotedBy = fields.TextOrNull("promoted_by"),
        PromotedAt = fields.TimeOrNull("promoted_at"),
        RetiredAt = fields.TimeOrNull("retired_at"),
    };
}
