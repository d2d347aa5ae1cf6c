using Microsoft.Data.Sqlite;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Sqlite;

/// <summary>The rows of the runs, and the steps that a run's life is made of. Each appends its event.</summary>
internal static class SqliteRuns
{
    public const string Select = """
        SELECT id, classifier, "trigger", state, stage, progress, requested_at, started_at, ended_at, model, reason,
            attempt, not_before
        FROM runs
        """;

    public static RetrainingRun? Find(SqliteConnection connection, long run) =>
        connection.One($"{Select} WHERE id = $run", Read, ("$run", run));

    /// <summary>The run, if it is the owner's; else null. The end of its lease takes it from nobody: a claim does.</summary>
    public static RetrainingRun? FindOwned(SqliteConnection connection, long run, string owner) =>
        connection.One(
            $"{Select} WHERE id = $run AND state = 'running' AND owner = $owner", Read, ("$run", run), ("$owner", owner));

    /// <summary>The classifier's queued run, which waits no longer; a new one if there is none.</summary>
    public static RetrainingRun Queue(SqliteConnection connection, string classifier, RunTrigger trigger, DateTimeOffset now)
    {
        if (FindQueued(connection, classifier) is not { } queued)
        {
            return Add(connection, classifier, trigger, attempt: 1, notBefore: null, now);
        }

        if (queued.NotBefore is null)
        {
            return queued;
        }

        connection.Run(
            """UPDATE runs SET not_before = NULL, attempt = 1, "trigger" = $trigger WHERE id = $run""",
            ("$trigger", trigger.Word), ("$run", queued.Id));
        return Changed(connection, queued.Id, now);
    }

    /// <summary>Queues what takes a run's place that came to nothing, unless one is queued already.</summary>
    public static void QueueNext(SqliteConnection connection, RetrainingRun run, int attempt, TimeSpan wait, DateTimeOffset now)
    {
        if (FindQueued(connection, run.Classifier) is null)
        {
            Add(connection, run.Classifier, run.Trigger, attempt, wait > TimeSpan.Zero ? now + wait : null, now);
        }
    }

    public static RetrainingRun Start(
        SqliteConnection connection, long run, string owner, TimeSpan lease, DateTimeOffset now)
    {
        connection.Run(
            "UPDATE runs SET state = 'running', started_at = $now, owner = $owner, lease_until = $until WHERE id = $run",
            ("$now", now.ToUnixTimeMilliseconds()), ("$owner", owner),
            ("$until", (now + lease).ToUnixTimeMilliseconds()), ("$run", run));
        return Changed(connection, run, now);
    }

    public static void Progress(
        SqliteConnection connection, long run, RunStage stage, double progress, TimeSpan lease, DateTimeOffset now)
    {
        connection.Run(
            "UPDATE runs SET stage = $stage, progress = $progress, lease_until = $until WHERE id = $run",
            ("$stage", stage.Word), ("$progress", progress),
            ("$until", (now + lease).ToUnixTimeMilliseconds()), ("$run", run));
        Changed(connection, run, now);
    }

    /// <summary>Adds what stands for a training where a model is brought; to end it is another step of the same transaction.</summary>
    public static long AddUpload(SqliteConnection connection, string classifier, DateTimeOffset now) =>
        connection.Number(
            """
            INSERT INTO runs (classifier, "trigger", state, requested_at, started_at, attempt)
            VALUES ($classifier, $trigger, $state, $now, $now, 1)
            RETURNING id
            """,
            ("$classifier", classifier), ("$trigger", RunTrigger.Upload.Word), ("$state", RunState.Rejected.Word),
            ("$now", now.ToUnixTimeMilliseconds()))!.Value;

    /// <summary>Ends a run with a model.</summary>
    public static void End(
        SqliteConnection connection, long run, RunState state, int model, string reason, DateTimeOffset now)
    {
        connection.Run(
            """
            UPDATE runs SET state = $state, progress = 1, model = $model, reason = $reason, ended_at = $now,
                owner = NULL, lease_until = NULL
            WHERE id = $run
            """,
            ("$state", state.Word), ("$model", model), ("$reason", reason),
            ("$now", now.ToUnixTimeMilliseconds()), ("$run", run));
        Changed(connection, run, now);
    }

    /// <summary>Ends a run without a model.</summary>
    public static void End(SqliteConnection connection, long run, RunState state, string reason, DateTimeOffset now)
    {
        connection.Run(
            """
            UPDATE runs SET state = $state, reason = $reason, ended_at = $now, owner = NULL, lease_until = NULL
            WHERE id = $run
            """,
            ("$state", state.Word), ("$reason", reason),
            ("$now", now.ToUnixTimeMilliseconds()), ("$run", run));
        Changed(connection, run, now);
    }

    /// <summary>Ends a run whose retrainer stopped, and queues one in its place.</summary>
    /// <param name="connection">The writer's.</param>
    /// <param name="run">The run.</param>
    /// <param name="reason">Why, in words.</param>
    /// <param name="wait">How long that one waits as the next attempt; null where the stop was in order.</param>
    /// <param name="now">The time.</param>
    public static void Interrupt(SqliteConnection connection, RetrainingRun run, string reason, TimeSpan? wait, DateTimeOffset now)
    {
        End(connection, run.Id, RunState.Interrupted, reason, now);
        QueueNext(connection, run, run.Attempt + (wait is null ? 0 : 1), wait ?? TimeSpan.Zero, now);
    }

    /// <summary>Moves the mark up to which a model has seen the feedback; never back.</summary>
    public static void MarkFeedbackSeen(SqliteConnection connection, string classifier, long mark) =>
        connection.Run(
            "UPDATE classifiers SET feedback_seen = max(feedback_seen, $mark) WHERE name = $classifier",
            ("$mark", mark), ("$classifier", classifier));

    /// <summary>Moves the mark up to which feedback starts no further run; never back.</summary>
    public static void MarkFeedbackTried(SqliteConnection connection, string classifier, long mark) =>
        connection.Run(
            "UPDATE classifiers SET feedback_tried = max(feedback_tried, $mark) WHERE name = $classifier",
            ("$mark", mark), ("$classifier", classifier));

    public static RetrainingRun Read(SqliteDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Classifier = row.GetString(1),
        Trigger = row.Enum<RunTrigger>(2),
        State = row.Enum<RunState>(3),
        Stage = row.EnumOrNull<RunStage>(4),
        Progress = row.GetDouble(5),
        RequestedAt = row.Time(6),
        StartedAt = row.TimeOrNull(7),
        EndedAt = row.TimeOrNull(8),
        Model = row.IntOrNull(9),
        Reason = row.TextOrNull(10),
        Attempt = row.GetInt32(11),
        NotBefore = row.TimeOrNull(12),
    };

    private static RetrainingRun? FindQueued(SqliteConnection connection, string classifier) =>
        connection.One($"{Select} WHERE classifier = $classifier AND state = 'queued'", Read, ("$classifier", classifier));

    private static RetrainingRun Add(
        SqliteConnection connection, string classifier, RunTrigger trigger, int attempt, DateTimeOffset? notBefore, DateTimeOffset now)
    {
        var id = connection.Number(
            """
            INSERT INTO runs (classifier, "trigger", state, requested_at, attempt, not_before)
            VALUES ($classifier, $trigger, 'queued', $now, $attempt, $before)
            RETURNING id
            """,
            ("$classifier", classifier), ("$trigger", trigger.Word), ("$now", now.ToUnixTimeMilliseconds()),
            ("$attempt", attempt), ("$before", notBefore?.ToUnixTimeMilliseconds()));
        return Changed(connection, id!.Value, now);
    }

    private static RetrainingRun Changed(SqliteConnection connection, long id, DateTimeOffset now)
    {
        var run = Find(connection, id)!;
        SqliteEvents.Append(
            connection,
            new ServiceEvent { Type = EventTypes.Run, Classifier = run.Classifier, At = now.AsStored, Run = run });
        return run;
    }
}
