using TicketAspire.Contracts;

namespace TicketAspire.Storage.Redis;

/// <summary>
/// The steps that a run's life is made of, as parts of scripts. A run is a hash; the classifier's hash names the one that
/// is queued and the one that runs, so there cannot be two.
/// </summary>
internal static class RedisRuns
{
    /// <summary>Lua: each step appends its event.</summary>
    public const string Library = """
        local function read_run(id)
            local fields = redis.call('HGETALL', key('run', id))
            if #fields > 0 then table.insert(fields, 'id'); table.insert(fields, tostring(id)) end
            return fields
        end
        local function changed(id, now)
            event('run', field(key('run', id), 'classifier'), now, 'run', cjson.encode(read_run(id)))
            return read_run(id)
        end
        local function add_run(name, trigger, attempt, not_before, now)
            local id = redis.call('INCR', key('run-id'))
            local k = key('run', id)
            redis.call('HSET', k, 'classifier', name, 'trigger', trigger, 'state', 'queued', 'requested_at', now, 'attempt', attempt)
            if not_before then redis.call('HSET', k, 'not_before', string.format('%.0f', not_before)) end
            redis.call('ZADD', key('runs', name), id, id)
            for _, old in ipairs(redis.call('ZRANGE', key('runs', name), 0, -1 - 1000)) do
                redis.call('DEL', key('run', old))
                redis.call('ZREM', key('runs', name), old)
            end
            redis.call('ZADD', key('open-runs'), id, id)
            redis.call('HSET', key('classifier', name), 'queued', id)
            return changed(id, now)
        end
        local function queue(name, trigger, now)
            local id = field(key('classifier', name), 'queued')
            if not id then return add_run(name, trigger, 1, nil, now) end
            if not field(key('run', id), 'not_before') then return read_run(id) end
            redis.call('HDEL', key('run', id), 'not_before')
            redis.call('HSET', key('run', id), 'attempt', 1, 'trigger', trigger)
            return changed(id, now)
        end
        local function queue_next(id, attempt, wait, now)
            local name = field(key('run', id), 'classifier')
            if not field(key('classifier', name), 'queued') then
                add_run(name, field(key('run', id), 'trigger'), attempt, wait > 0 and now + wait or nil, now)
            end
        end
        local function end_run(id, state, reason, now)
            local k = key('run', id)
            local c = key('classifier', field(k, 'classifier'))
            redis.call('HSET', k, 'state', state, 'reason', reason, 'ended_at', now)
            redis.call('HDEL', k, 'owner', 'lease_until')
            redis.call('ZREM', key('open-runs'), id)
            for _, name in ipairs({ 'queued', 'running' }) do
                if field(c, name) == tostring(id) then redis.call('HDEL', c, name) end
            end
            return changed(id, now)
        end
        -- The end of its lease takes a run from nobody: a claim does.
        local function owned(id, owner)
            local k = key('run', id)
            return field(k, 'state') == 'running' and field(k, 'owner') == owner
        end
        local function mark(name, which, id)
            local k = key('classifier', name)
            if tonumber(id) > number(k, which) then redis.call('HSET', k, which, id) end
        end

        """;

    /// <summary>Makes the record of what a script has read.</summary>
    public static RetrainingRun ToRun(RedisFields fields) => new()
    {
        Id = fields.Number("id"),
        Classifier = fields.Text("classifier"),
        Trigger = fields.Enum<RunTrigger>("trigger"),
        State = fields.Enum<RunState>("state"),
        Stage = fields.EnumOrNull<RunStage>("stage"),
        Progress = fields.Fraction("progress"),
        Attempt = (int)fields.Number("attempt"),
        NotBefore = fields.TimeOrNull("not_before"),
        RequestedAt = fields.Time("requested_at"),
        StartedAt = fields.TimeOrNull("started_at"),
        EndedAt = fields.TimeOrNull("ended_at"),
        Model = (int?)fields.NumberOrNull("model"),
        Reason = fields.TextOrNull("reason"),
    };
}
