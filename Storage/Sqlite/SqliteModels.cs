using System.Text.Json;
using Microsoft.Data.Sqlite;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Sqlite;

/// <summary>The rows of the model registry, for the store of models and for the runs that make them.</summary>
internal static class SqliteModels
{
    public const string Select = """
        SELECT classifier, version, state, created_at, run, lineage, size, checksum, metrics, reason, promoted_by, promoted_at
        FROM models
        """;

    public static ModelInfo? Find(SqliteConnection connection, string classifier, int version) =>
        connection.One(
            $"{Select} WHERE classifier = $classifier AND version = $version",
            Read,
            ("$classifier", classifier), ("$version", version));

    /// <summary>Stores a model under the next version, as rejected: promoting is another step of the same transaction.</summary>
    /// <returns>The version.</returns>
    public static int Add(SqliteConnection connection, string classifier, long run, RunResult result, string checksum, long now)
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
            INSERT INTO models (classifier, version, state, created_at, run, lineage, size, checksum, metrics, reason)
            SELECT $classifier, coalesce(max(version), 0) + 1, $state, $now, $run, $lineage, $size, $checksum, $metrics, $reason
            FROM models WHERE classifier = $classifier
            RETURNING version
            """,
            ("$classifier", classifier), ("$state", SqliteValues.Word(ModelState.Rejected)), ("$now", now), ("$run", run),
            ("$lineage", JsonSerializer.Serialize(result.Lineage, ContractsJson.Default.ModelLineage)),
            ("$size", result.File.Length), ("$checksum", checksum),
            ("$metrics", JsonSerializer.Serialize(result.Metrics, ContractsJson.Default.ModelMetrics)),
            ("$reason", result.Reason));
        return (int)version!.Value;
    }

    /// <summary>Puts a version in service in place of the champion, and appends the event.</summary>
    public static void Promote(SqliteConnection connection, string classifier, int version, string by, DateTimeOffset now)
    {
        connection.Run(
            "UPDATE models SET state = 'former' WHERE classifier = $classifier AND state = 'champion'",
            ("$classifier", classifier));
        connection.Run(
            """
            UPDATE models SET state = 'champion', promoted_by = $by, promoted_at = $now
            WHERE classifier = $classifier AND version = $version
            """,
            ("$by", by), ("$now", now.ToUnixTimeMilliseconds()), ("$classifier", classifier), ("$version", version));
        SqliteEvents.Append(
            connection,
            new ServiceEvent { Type = EventTypes.Champion, Classifier = classifier, At = now.AsStored, Model = version });
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
    };
}
