using System.Text.Json;
using Microsoft.Data.Sqlite;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Sqlite;

/// <summary>The rows of the model registry, for the store of models and for the runs that make them.</summary>
internal static class SqliteModels
{
    public const string Select = """
        SELECT classifier, version, state, created_at, run, lineage, size, checksum, metrics, reason, promoted_by, promoted_at,
            decision, retired_at
        FROM models
        """;

    public static ModelInfo? Find(SqliteConnection connection, string classifier, int version) =>
        connection.One(
            $"{Select} WHERE classifier = $classifier AND version = $version",
            Read,
            ("$classifier", classifier), ("$version", version));

    /// <summary>Stores a model under the next version, in this state: promoting is another step of the same transaction.</summary>
    /// <returns>The version.</returns>
    public static int Add(
        SqliteConnection connection, string classifier, long run, ModelState state, RunResult result, string checksum, long now)
    {
        // Identical bytes are stored once; only a damaged copy is mended.
        connection.Run(
            """
            INSERT INTO model_files (checksum, content) VALUES ($checksum, $content)
            ON CONFLICT (checksum) DO UPDATE SET content = excluded.content WHERE content <> excluded.content
            """,
            ("$checksum", checksum), ("$content", result.File.ToArray()));
        var version = connection.Number(
            """
            UPDATE classifiers SET last_version = last_version + 1 WHERE name = $classifier;
            INSERT INTO models (
                classifier, version, state, created_at, run, lineage, size, checksum, metrics, reason, decision)
            SELECT name, last_version, $state, $now, $run, $lineage, $size, $checksum, $metrics, $reason, $decision
            FROM classifiers WHERE name = $classifier
            RETURNING version
            """,
            ("$classifier", classifier), ("$state", state.Word), ("$now", now), ("$run", run),
            ("$lineage", JsonSerializer.Serialize(result.Lineage, ContractsJson.Default.ModelLineage)),
            ("$size", result.File.Length), ("$checksum", checksum),
            ("$metrics", JsonSerializer.Serialize(result.Metrics, ContractsJson.Default.ModelMetrics)),
            ("$reason", result.Reason),
            ("$decision", result.Decision is { } decision ? JsonSerializer.Serialize(decision, ContractsJson.Default.GateDecision) : null));
        return (int)version!.Value;
    }

    /// <summary>
    /// Puts a version in service in place of the champion, and appends the event. What it has learned from is set aside no
    /// longer.
    /// </summary>
    public static void Promote(SqliteConnection connection, string classifier, int version, string by, DateTimeOffset now)
    {
        if (Find(connection, classifier, version)?.Lineage is { } lineage)
        {
            SetAside(
                connection,
                classifier,
                FeedbackRanges.Parse(lineage.SetAside).AndAfter(SetAside(connection, classifier), lineage.FeedbackMark));
        }

        connection.Run(
            "UPDATE models SET state = 'former', retired_at = $now WHERE classifier = $classifier AND state = 'champion'",
            ("$now", now.ToUnixTimeMilliseconds()), ("$classifier", classifier));
        connection.Run(
            """
            UPDATE models SET state = 'champion', promoted_by = $by, promoted_at = $now, retired_at = NULL
            WHERE classifier = $classifier AND version = $version;
            UPDATE classifiers SET challenger = NULL WHERE name = $classifier AND challenger = $version;
            UPDATE service_times SET ended_at = $now WHERE classifier = $classifier AND ended_at IS NULL;
            INSERT INTO service_times (classifier, version, began_at, promoted_by, accuracy)
            SELECT classifier, version, promoted_at, promoted_by, coalesce(metrics ->> '$.accuracy', 0) FROM models
            WHERE classifier = $classifier AND version = $version;
            """,
            ("$by", by), ("$now", now.ToUnixTimeMilliseconds()), ("$classifier", classifier), ("$version", version));
        SqliteEvents.Append(
            connection,
            new ServiceEvent { Type = EventTypes.Champion, Classifier = classifier, At = now.AsStored, Model = version });
    }

    /// <summary>The feedback that is set aside.</summary>
    public static FeedbackRanges SetAside(SqliteConnection connection, string classifier) => FeedbackRanges.Parse(
        connection.One("SELECT coalesce(set_aside, '') FROM classifiers WHERE name = $name", row => row.GetString(0), ("$name", classifier)));

    /// <summary>Sets feedback aside.</summary>
    public static void SetAside(SqliteConnection connection, string classifier, FeedbackRanges ranges) =>
        connection.Run("UPDATE classifiers SET set_aside = $ranges WHERE name = $name", ("$ranges", ranges.ToText()), ("$name", classifier));

    /// <summary>Deletes versions, and the files that no other version has.</summary>
    public static void Delete(SqliteConnection connection, string classifier, IEnumerable<int> versions)
    {
        foreach (var version in versions)
        {
            connection.Run(
                "DELETE FROM models WHERE classifier = $classifier AND version = $version",
                ("$classifier", classifier), ("$version", version));
        }

        connection.Run("DELETE FROM model_files WHERE checksum NOT IN (SELECT checksum FROM models)");
    }

    public static ModelInfo Read(SqliteDataReader row) => new()
    {
        Classifier = row.GetString(0),
        Version = row.GetInt32(1),
        State = row.Enum<ModelState>(2),
        CreatedAt = row.Time(3),
        Run = row.GetInt64(4),
        Lineage = JsonSerializer.Deserialize(row.GetString(5), ContractsJson.Default.ModelLineage)!,
        Size = row.GetInt64(6),
        Checksum = row.GetString(7),
        Metrics = JsonSerializer.Deserialize(row.GetString(8), ContractsJson.Default.ModelMetrics)!,
        Reason = row.GetString(9),
        PromotedBy = row.TextOrNull(10),
        PromotedAt = row.TimeOrNull(11),
        Decision = row.TextOrNull(12) is { } decision ? JsonSerializer.Deserialize(decision, ContractsJson.Default.GateDecision) : null,
        RetiredAt = row.TimeOrNull(13),
    };
}
