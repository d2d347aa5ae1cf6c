using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Sqlite;

/// <summary>
/// Retraining runs in SQLite. Every step is one transaction that excludes all other writers, in whatever process, so who
/// owns a run is decided in one place.
/// </summary>
public sealed class SqliteRunStore(SqliteDatabase database, TimeProvider time) : IRunStore
{
    /// <summary>Who promotes a model at the end of a run.</summary>
    private const string Retrainer = "retrainer";

    /// <inheritdoc/>
    public Task<RetrainingRun> RequestAsync(string classifier, RunTrigger trigger, CancellationToken cancellation) =>
        database.WriteAsync(
            connection => connection.Any("SELECT 1 FROM classifiers WHERE name = $name", ("$name", classifier))
                ? SqliteRuns.Queue(connection, classifier, trigger, time.GetUtcNow())
                : throw new KeyNotFoundException($"There is no classifier '{classifier}'."),
            cancellation);

    /// <inheritdoc/>
    public Task<RetrainingRun?> RequestForFeedbackAsync(string classifier, long least, CancellationToken cancellation) =>
        database.WriteAsync(
            connection =>
                connection.Any("SELECT 1 FROM runs WHERE classifier = $name AND state IN ('queued', 'running')", ("$name", classifier))
                || connection.Number(
                    "SELECT max(feedback_seen, feedback_tried) FROM classifiers WHERE name = $name", ("$name", classifier)) is not { } tried
                || SqliteFeedbackStore.CountAfter(connection, classifier, tried) < least
                    ? null
                    : SqliteRuns.Queue(connection, classifier, RunTrigger.Feedback, time.GetUtcNow()),
            cancellation);

    /// <inheritdoc/>
    public Task<RetrainingRun?> RequestScheduledAsync(string classifier, DateTimeOffset due, CancellationToken cancellation) =>
        database.WriteAsync(
            connection =>
                !connection.Any("SELECT 1 FROM classifiers WHERE name = $name", ("$name", classifier))
                || connection.Any(
                    "SELECT 1 FROM runs WHERE classifier = $name AND (state IN ('queued', 'running') OR requested_at >= $due)",
                    ("$name", classifier), ("$due", due.ToUnixTimeMilliseconds()))
                    ? null
                    : SqliteRuns.Queue(connection, classifier, RunTrigger.Schedule, time.GetUtcNow()),
            cancellation);

    /// <inheritdoc/>
    public Task<RetrainingRun?> RequestForDriftAsync(string classifier, int champion, CancellationToken cancellation) =>
        database.WriteAsync(
            connection =>
                connection.Number(
                    "SELECT coalesce(promoted_at, 0) FROM models WHERE classifier = $name AND version = $version AND state = 'champion'",
                    ("$name", classifier), ("$version", champion)) is not { } promoted
                || connection.Any(
                    """
                    SELECT 1 FROM runs WHERE classifier = $name
                        AND (state IN ('queued', 'running') OR "trigger" = 'drift' AND requested_at >= $promoted)
                    """,
                    ("$name", classifier), ("$promoted", promoted))
                    ? null
                    : SqliteRuns.Queue(connection, classifier, RunTrigger.Drift, time.GetUtcNow()),
            cancellation);

    /// <inheritdoc/>
    public async Task<RetrainingRun?> ClaimAsync(
        string owner, string? classifier, TimeSpan lease, RetryBackoff backoff, CancellationToken cancellation)
    {
        // Retrainers ask often and mostly in vain: look first, without a place in the writers' queue.
        var worthwhile = await database.ReadAsync(
            connection => connection.Any(
                """
                SELECT 1 FROM runs
                WHERE state = 'queued' AND coalesce(not_before, 0) <= $now OR state = 'running' AND lease_until <= $now
                """,
                ("$now", time.GetUtcNow().ToUnixTimeMilliseconds())),
            cancellation);
        return worthwhile
            ? await database.WriteAsync(connection => Claim(connection, owner, classifier, lease, backoff, time.GetUtcNow()), cancellation)
            : null;
    }

    /// <inheritdoc/>
    public Task<bool> ReportAsync(
        long run, string owner, RunStage stage, double progress, TimeSpan lease, CancellationToken cancellation) =>
        ChangeAsync(
            run,
            owner,
            (connection, owned, now) => SqliteRuns.Progress(connection, owned.Id, stage, progress, lease, now),
            cancellation);

    /// <inheritdoc/>
    public Task<ModelInfo?> CompleteAsync(long run, string owner, RunResult result, CancellationToken cancellation)
    {
        var checksum = Convert.ToHexStringLower(SHA256.HashData(result.File.Span));
        return database.WriteAsync(
            connection => Complete(connection, run, owner, result, checksum, time.GetUtcNow()), cancellation);
    }

    /// <inheritdoc/>
    public Task<ModelInfo?> ImportAsync(string classifier, RunResult result, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(result);
        var checksum = Convert.ToHexStringLower(SHA256.HashData(result.File.Span));
        return database.WriteAsync(
            connection =>
            {
                if (connection.Number("SELECT 1 FROM classifiers WHERE name = $name", ("$name", classifier)) is null)
                {
                    return null;
                }

                var now = time.GetUtcNow();
                var run = SqliteRuns.AddUpload(connection, classifier, now);
                var version = SqliteModels.Add(
                    connection, classifier, run, ModelState.Imported, result, checksum, now.ToUnixTimeMilliseconds());
                SqliteRuns.End(connection, run, RunState.Rejected, version, result.Reason, now);
                return SqliteModels.Find(connection, classifier, version);
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> FailAsync(
        long run, string owner, string reason, TimeSpan? retryAfter, long feedbackMark, CancellationToken cancellation) =>
        ChangeAsync(
            run,
            owner,
            (connection, owned, now) =>
            {
                SqliteRuns.End(connection, owned.Id, RunState.Failed, reason, now);
                if (retryAfter is { } wait)
                {
                    SqliteRuns.QueueNext(connection, owned, owned.Attempt + 1, wait, now);
                }
                else
                {
                    SqliteRuns.MarkFeedbackTried(connection, owned.Classifier, feedbackMark);
                }
            },
            cancellation);

    /// <inheritdoc/>
    public Task<RetrainingRun?> CancelAsync(long run, string by, CancellationToken cancellation) =>
        database.WriteAsync(
            connection =>
            {
                var open = SqliteRuns.Find(connection, run);
                if (open is not { State: RunState.Queued or RunState.Running })
                {
                    return open;
                }

                var latest = connection.Number(
                    "SELECT max(id) FROM feedback WHERE classifier = $classifier", ("$classifier", open.Classifier));
                SqliteRuns.MarkFeedbackTried(connection, open.Classifier, latest ?? 0);
                SqliteRuns.End(connection, run, RunState.Cancelled, $"Cancelled by {by}", time.GetUtcNow());
                return SqliteRuns.Find(connection, run);
            },
            cancellation);

    /// <inheritdoc/>
    public Task ReleaseAsync(long run, string owner, CancellationToken cancellation) =>
        ChangeAsync(
            run,
            owner,
            (connection, owned, now) => SqliteRuns.Interrupt(connection, owned, "Its retrainer was shut down.", wait: null, now),
            cancellation);

    /// <inheritdoc/>
    public Task<RetrainingRun?> FindAsync(long run, CancellationToken cancellation) =>
        database.ReadAsync(connection => SqliteRuns.Find(connection, run), cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RetrainingRun>> ListAsync(string classifier, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return await database.ReadAsync(
            connection => connection.Query(
                $"{SqliteRuns.Select} WHERE classifier = $classifier ORDER BY id DESC LIMIT $limit",
                SqliteRuns.Read,
                ("$classifier", classifier), ("$limit", limit)),
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RetrainingRun>> OpenAsync(CancellationToken cancellation) =>
        await database.ReadAsync(
            connection => connection.Query(
                $"{SqliteRuns.Select} WHERE state = 'queued' OR state = 'running' ORDER BY id", SqliteRuns.Read),
            cancellation);

    /// <summary>Does something to a run that is the owner's; false, and nothing done, if it is not.</summary>
    private Task<bool> ChangeAsync(
        long run, string owner, Action<SqliteConnection, RetrainingRun, DateTimeOffset> change, CancellationToken cancellation) =>
        database.WriteAsync(
            connection =>
            {
                if (SqliteRuns.FindOwned(connection, run, owner) is not { } owned)
                {
                    return false;
                }

                change(connection, owned, time.GetUtcNow());
                return true;
            },
            cancellation);

    private static RetrainingRun? Claim(
        SqliteConnection connection, string owner, string? classifier, TimeSpan lease, RetryBackoff backoff, DateTimeOffset now)
    {
        var abandoned = connection.Query(
            $"{SqliteRuns.Select} WHERE state = 'running' AND lease_until <= $now ORDER BY id",
            SqliteRuns.Read,
            ("$now", now.ToUnixTimeMilliseconds()));
        foreach (var run in abandoned)
        {
            // The first time, a machine that was switched off is the likeliest cause; a run that kills its retrainer comes again.
            SqliteRuns.Interrupt(connection, run, "Its retrainer stopped reporting.", backoff.After(run.Attempt - 1), now);
        }

        var next = connection.Number(
            """
            SELECT min(id) FROM runs
            WHERE state = 'queued' AND coalesce(not_before, 0) <= $now AND ($classifier IS NULL OR classifier = $classifier)
                AND classifier NOT IN (SELECT classifier FROM runs WHERE state = 'running')
            """,
            ("$now", now.ToUnixTimeMilliseconds()), ("$classifier", classifier));
        return next is { } id ? SqliteRuns.Start(connection, id, owner, lease, now) : null;
    }

    private static ModelInfo? Complete(
        SqliteConnection connection, long run, string owner, RunResult result, string checksum, DateTimeOffset now)
    {
        if (SqliteRuns.FindOwned(connection, run, owner) is not { } owned)
        {
            return null;
        }

        var version = SqliteModels.Add(
            connection, owned.Classifier, run, ModelState.Rejected, result, checksum, now.ToUnixTimeMilliseconds());
        if (result.Promote)
        {
            SqliteModels.Promote(connection, owned.Classifier, version, Retrainer, now);
        }
        else
        {
            var seen = connection.Number("SELECT feedback_seen FROM classifiers WHERE name = $name", ("$name", owned.Classifier)) ?? 0;
            SqliteModels.SetAside(
                connection,
                owned.Classifier,
                SqliteModels.SetAside(connection, owned.Classifier).And(seen + 1, result.Lineage.FeedbackMark));
        }

        SqliteRuns.MarkFeedbackSeen(connection, owned.Classifier, result.Lineage.FeedbackMark);
        var state = result.Promote ? RunState.Promoted : RunState.Rejected;
        SqliteRuns.End(connection, run, state, version, result.Reason, now);
        return SqliteModels.Find(connection, owned.Classifier, version);
    }
}
