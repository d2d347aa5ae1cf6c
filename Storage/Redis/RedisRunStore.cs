using System.Security.Cryptography;
using System.Text.Json;
using StackExchange.Redis;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Redis;

/// <summary>
/// Retraining runs in Redis. Who owns a run is decided in one script: by the owner's name, which is unique to its process
/// and serves as the fencing token. A retrainer that was paused finds that the run is another's, or still its own.
/// </summary>
public sealed class RedisRunStore(RedisStore store, TimeProvider time) : IRunStore
{
    /// <summary>Who promotes a model at the end of a run.</summary>
    private const string Retrainer = "retrainer";

    /// <summary>How long a model file waits for the record that names it: 1 h.</summary>
    private static readonly TimeSpan UnnamedFileLife = TimeSpan.FromHours(1);

    private RedisValue Now => RedisStore.Milliseconds(time.GetUtcNow());

    /// <inheritdoc/>
    public async Task<RetrainingRun> RequestAsync(string classifier, RunTrigger trigger, CancellationToken cancellation) =>
        Run(await store.ChangeAsync(
            RedisRuns.Library + """
            if redis.call('EXISTS', key('classifier', ARGV[1])) == 0 then return {} end
            return queue(ARGV[1], ARGV[2], ARGV[3])
            """,
            cancellation,
            classifier, trigger.Word, Now))
        ?? throw new KeyNotFoundException($"There is no classifier '{classifier}'.");

    /// <inheritdoc/>
    public async Task<RetrainingRun?> RequestForFeedbackAsync(string classifier, long least, CancellationToken cancellation) =>
        Run(await store.RunAsync(
            RedisRuns.Library + RedisFeedbackStore.CountAfter + """
            local name, c = ARGV[1], key('classifier', ARGV[1])
            if redis.call('EXISTS', c) == 0 or field(c, 'queued') or field(c, 'running') then return {} end
            local tried = math.max(number(c, 'feedback_seen'), number(c, 'feedback_tried'))
            if count_after(name, string.format('%.0f', tried)) < tonumber(ARGV[2]) then return {} end
            return queue(name, 'feedback', ARGV[3])
            """,
            cancellation,
            classifier, least, Now));

    /// <inheritdoc/>
    public async Task<RetrainingRun?> RequestScheduledAsync(string classifier, DateTimeOffset due, CancellationToken cancellation) =>
        Run(await store.RunAsync(
            RedisRuns.Library + """
            local name, c = ARGV[1], key('classifier', ARGV[1])
            if redis.call('EXISTS', c) == 0 or field(c, 'queued') or field(c, 'running') then return {} end
            local last = redis.call('ZREVRANGE', key('runs', name), 0, 0)[1]
            if last and number(key('run', last), 'requested_at') >= tonumber(ARGV[2]) then return {} end
            return queue(name, 'schedule', ARGV[3])
            """,
            cancellation,
            classifier, RedisStore.Milliseconds(due), Now));

    /// <inheritdoc/>
    public async Task<RetrainingRun?> RequestForDriftAsync(string classifier, int champion, CancellationToken cancellation) =>
        Run(await store.RunAsync(
            RedisRuns.Library + """
            local name, version, now = ARGV[1], ARGV[2], ARGV[3]
            local c = key('classifier', name)
            if field(c, 'champion') ~= version or field(c, 'queued') or field(c, 'running') then return {} end
            local promoted = number(key('model', name, version), 'promoted_at')
            for _, id in ipairs(redis.call('ZREVRANGE', key('runs', name), 0, -1)) do
                local k = key('run', id)
                if number(k, 'requested_at') < promoted then break end
                if field(k, 'trigger') == 'drift' then return {} end
            end
            return queue(name, 'drift', now)
            """,
            cancellation,
            classifier, champion, Now));

    /// <inheritdoc/>
    public async Task<RetrainingRun?> ClaimAsync(
        string owner, string? classifier, TimeSpan lease, RetryBackoff backoff, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(backoff);
        return Run(await store.RunAsync(
            RedisRuns.Library + """
            local owner, only, now, until_, first, longest = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
            local open = redis.call('ZRANGE', key('open-runs'), 0, -1)
            for _, id in ipairs(open) do
                local k = key('run', id)
                if field(k, 'state') == 'running' and number(k, 'lease_until') <= tonumber(now) then
                    local attempt = number(k, 'attempt')
                    -- The first time, a machine that was switched off is the likeliest cause; a run that kills its retrainer comes again.
                    local wait = attempt <= 1 and 0 or math.min(longest, first * 2 ^ (attempt - 2))
                    end_run(id, 'interrupted', 'Its retrainer stopped reporting.', now)
                    queue_next(id, attempt + 1, wait, now)
                end
            end
            for _, id in ipairs(redis.call('ZRANGE', key('open-runs'), 0, -1)) do
                local k = key('run', id)
                local name = field(k, 'classifier')
                local c = key('classifier', name)
                if field(k, 'state') == 'queued' and number(k, 'not_before') <= tonumber(now) and not field(c, 'running') and (only == '' or only == name) then
                    redis.call('HSET', k, 'state', 'running', 'started_at', now, 'owner', owner, 'lease_until', until_)
                    redis.call('HDEL', c, 'queued')
                    redis.call('HSET', c, 'running', id)
                    return changed(id, now)
                end
            end
            return {}
            """,
            cancellation,
            owner, classifier ?? string.Empty, Now, RedisStore.Milliseconds(time.GetUtcNow() + lease),
            (long)backoff.First.TotalMilliseconds, (long)backoff.Longest.TotalMilliseconds));
    }

    /// <inheritdoc/>
    public Task<bool> ReportAsync(
        long run, string owner, RunStage stage, double progress, TimeSpan lease, CancellationToken cancellation) =>
        ChangeAsync(
            """
            redis.call('HSET', key('run', id), 'stage', ARGV[4], 'progress', ARGV[5], 'lease_until', ARGV[6])
            changed(id, now)
            """,
            run, owner, cancellation,
            stage.Word, RedisStore.Number(progress), RedisStore.Milliseconds(time.GetUtcNow() + lease));

    /// <inheritdoc/>
    public async Task<ModelInfo?> CompleteAsync(long run, string owner, RunResult result, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(result);
        var file = result.File.ToArray();
        var checksum = Convert.ToHexStringLower(SHA256.HashData(file));
        await StoreFileAsync(checksum, file, cancellation);
        var model = RedisFields.Of(await store.ChangeAsync(
            RedisRuns.Library + RedisModels.Library + """
            local id, owner, now, checksum = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
            if not owned(id, owner) then return {} end
            if redis.call('EXISTS', key('file', checksum)) == 0 then return redis.error_reply('the model file is gone before its record') end
            redis.call('PERSIST', key('file', checksum))
            local name = field(key('run', id), 'classifier')
            local version = redis.call('HINCRBY', key('classifier', name), 'last_version', 1)
            local k = key('model', name, version)
            redis.call('HSET', k, 'state', 'rejected', 'created_at', now, 'run', id, 'checksum', checksum, 'size', ARGV[5],
                'lineage', ARGV[6], 'metrics', ARGV[7], 'reason', ARGV[8], 'decision', ARGV[9])
            redis.call('ZADD', key('models', name), version, version)
            redis.call('HINCRBY', key('files'), checksum, 1)
            if ARGV[10] == '1' then
                promote(name, version, ARGV[11], now)
            else
                local seen, last = number(key('classifier', name), 'feedback_seen'), tonumber(ARGV[12])
                local ranges = ranges_of(field(key('classifier', name), 'set_aside'))
                if last > seen then table.insert(ranges, string.format('%.0f-%.0f', seen + 1, last)) end
                set_aside(name, ranges)
            end
            mark(name, 'feedback_seen', ARGV[12])
            redis.call('HSET', key('run', id), 'progress', '1', 'model', version)
            end_run(id, ARGV[10] == '1' and 'promoted' or 'rejected', ARGV[8], now)
            return read_model(name, version)
            """,
            cancellation,
            run, owner, Now, checksum, file.Length,
            JsonSerializer.Serialize(result.Lineage, ContractsJson.Default.ModelLineage),
            JsonSerializer.Serialize(result.Metrics, ContractsJson.Default.ModelMetrics),
            result.Reason,
            result.Decision is { } decision ? JsonSerializer.Serialize(decision, ContractsJson.Default.GateDecision) : string.Empty,
            result.Promote, Retrainer, result.Lineage.FeedbackMark));
        return model is null ? null : RedisModels.ToModel(model);
    }

    /// <inheritdoc/>
    public async Task<ModelInfo?> ImportAsync(string classifier, RunResult result, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(result);
        var file = result.File.ToArray();
        var checksum = Convert.ToHexStringLower(SHA256.HashData(file));
        await StoreFileAsync(checksum, file, cancellation);
        var model = RedisFields.Of(await store.ChangeAsync(
            RedisRuns.Library + RedisModels.Library + """
            local name, now, checksum, reason = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
            if redis.call('EXISTS', key('classifier', name)) == 0 then return {} end
            if redis.call('EXISTS', key('file', checksum)) == 0 then return redis.error_reply('the model file is gone before its record') end
            redis.call('PERSIST', key('file', checksum))
            local id = redis.call('INCR', key('run-id'))
            local version = redis.call('HINCRBY', key('classifier', name), 'last_version', 1)
            redis.call('HSET', key('run', id), 'classifier', name, 'trigger', ARGV[8], 'requested_at', now, 'started_at', now,
                'attempt', 1, 'progress', '1', 'model', version)
            redis.call('ZADD', key('runs', name), id, id)
            redis.call('HSET', key('model', name, version), 'state', 'imported', 'created_at', now, 'run', id, 'checksum', checksum,
                'size', ARGV[5], 'lineage', ARGV[6], 'metrics', ARGV[7], 'reason', reason)
            redis.call('ZADD', key('models', name), version, version)
            redis.call('HINCRBY', key('files'), checksum, 1)
            end_run(id, 'rejected', reason, now)
            return read_model(name, version)
            """,
            cancellation,
            classifier, Now, checksum, result.Reason, file.Length,
            JsonSerializer.Serialize(result.Lineage, ContractsJson.Default.ModelLineage),
            JsonSerializer.Serialize(result.Metrics, ContractsJson.Default.ModelMetrics),
            RunTrigger.Upload.Word));
        return model is null ? null : RedisModels.ToModel(model);
    }

    /// <inheritdoc/>
    public Task<bool> FailAsync(
        long run, string owner, string reason, TimeSpan? retryAfter, long feedbackMark, CancellationToken cancellation) =>
        ChangeAsync(
            """
            local name, attempt = field(key('run', id), 'classifier'), number(key('run', id), 'attempt')
            end_run(id, 'failed', ARGV[4], now)
            if ARGV[5] == '' then mark(name, 'feedback_tried', ARGV[6]) else queue_next(id, attempt + 1, tonumber(ARGV[5]), now) end
            """,
            run, owner, cancellation,
            reason, retryAfter is { } wait ? (long)wait.TotalMilliseconds : string.Empty, feedbackMark);

    /// <inheritdoc/>
    public async Task<RetrainingRun?> CancelAsync(long run, string by, CancellationToken cancellation) =>
        Run(await store.ChangeAsync(
            RedisRuns.Library + """
            local id, by, now = ARGV[1], ARGV[2], ARGV[3]
            local k = key('run', id)
            local state, name = field(k, 'state'), field(k, 'classifier')
            if state ~= 'queued' and state ~= 'running' then return read_run(id) end
            local newest = redis.call('XREVRANGE', key('feedback', name), '+', '-', 'COUNT', 1)
            if #newest > 0 then mark(name, 'feedback_tried', string.match(newest[1][1], '^%d+')) end
            return end_run(id, 'cancelled', 'Cancelled by ' .. by, now)
            """,
            cancellation,
            run, by, Now));

    /// <inheritdoc/>
    public Task ReleaseAsync(long run, string owner, CancellationToken cancellation) =>
        ChangeAsync(
            """
            local attempt = number(key('run', id), 'attempt')
            end_run(id, 'interrupted', 'Its retrainer was shut down.', now)
            queue_next(id, attempt, 0, now)
            """,
            run, owner, cancellation);

    /// <inheritdoc/>
    public async Task<RetrainingRun?> FindAsync(long run, CancellationToken cancellation) =>
        Run(await store.RunAsync(RedisRuns.Library + "return read_run(ARGV[1])", cancellation, run));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RetrainingRun>> ListAsync(string classifier, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return Runs(await store.RunAsync(
            RedisRuns.Library + """
            local all = {}
            for _, id in ipairs(redis.call('ZREVRANGE', key('runs', ARGV[1]), 0, tonumber(ARGV[2]) - 1)) do table.insert(all, read_run(id)) end
            return all
            """,
            cancellation,
            classifier, limit));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RetrainingRun>> OpenAsync(CancellationToken cancellation) =>
        Runs(await store.RunAsync(
            RedisRuns.Library + """
            local all = {}
            for _, id in ipairs(redis.call('ZRANGE', key('open-runs'), 0, -1)) do table.insert(all, read_run(id)) end
            return all
            """,
            cancellation));

    /// <summary>Stores a file that a record will name.</summary>
    private Task<RedisResult> StoreFileAsync(string checksum, byte[] file, CancellationToken cancellation) =>
        // The file before the record that names it: a crash in between leaves no name without a file, and a file that nobody
        // names goes by itself.
        store.ChangeFileAsync(
            """
            if redis.call('HEXISTS', key('files'), ARGV[1]) == 1 then redis.call('SET', key('file', ARGV[1]), ARGV[2])
            else redis.call('SET', key('file', ARGV[1]), ARGV[2], 'EX', ARGV[3]) end
            return 1
            """,
            cancellation,
            checksum, file, (long)UnnamedFileLife.TotalSeconds);

    /// <summary>Does something to a run that is the owner's; false, and nothing done, if it is not.</summary>
    private async Task<bool> ChangeAsync(
        string change, long run, string owner, CancellationToken cancellation, params RedisValue[] arguments) =>
        (long)await store.RunAsync(
            $"""
            {RedisRuns.Library}
            local id, owner, now = ARGV[1], ARGV[2], ARGV[3]
            if not owned(id, owner) then return 0 end
            {change}
            return 1
            """,
            cancellation,
            [run, owner, Now, .. arguments]) == 1;

    private static RetrainingRun? Run(RedisResult result) => RedisFields.Of(result) is { } fields ? RedisRuns.ToRun(fields) : null;

    private static RetrainingRun[] Runs(RedisResult result) => [.. RedisFields.AllOf(result).Select(RedisRuns.ToRun)];
}
