using System.Text.Json;
using Microsoft.Data.Sqlite;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Sqlite;

/// <summary>Classifiers in SQLite.</summary>
public sealed class SqliteClassifierStore(SqliteDatabase database, TimeProvider time) : IClassifierStore
{
    // The champion is what the model registry says: kept once, it cannot disagree.
    private const string Select = """
        SELECT c.name, c.label, c.dataset, d.labels, c.feedback_seen, c.settings, c.created_at,
            (SELECT version FROM models WHERE classifier = c.name AND state = 'champion'), c.feedback_tried, c.challenger,
            c.last_version, c.set_aside
        FROM classifiers c JOIN datasets d ON d.hash = c.dataset
        """;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ClassifierInfo>> ListAsync(CancellationToken cancellation) =>
        await database.ReadAsync(connection => connection.Query($"{Select} ORDER BY c.name", Read), cancellation);

    /// <inheritdoc/>
    public Task<ClassifierInfo?> FindAsync(string name, CancellationToken cancellation) =>
        database.ReadAsync(connection => connection.One($"{Select} WHERE c.name = $name", Read, ("$name", name)), cancellation);

    /// <inheritdoc/>
    public Task<bool> PutAsync(string name, LabelKind label, string dataset, CancellationToken cancellation) =>
        database.WriteAsync(connection => Put(connection, name, label, dataset), cancellation);

    /// <inheritdoc/>
    public Task<bool> SetAsync(string name, ClassifierSettings settings, CancellationToken cancellation)
    {
        var text = JsonSerializer.Serialize(settings, ContractsJson.Default.ClassifierSettings);
        return database.WriteAsync(
            connection =>
            {
                var found = connection.Run(
                    "UPDATE classifiers SET settings = $settings WHERE name = $name", ("$settings", text), ("$name", name)) == 1;
                if (found)
                {
                    AppendEvent(connection, name);
                }

                return found;
            },
            cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> SetChallengerAsync(string name, int? version, CancellationToken cancellation) =>
        database.WriteAsync(
            connection =>
            {
                var exists = version is null
                    ? connection.Any("SELECT 1 FROM classifiers WHERE name = $name", ("$name", name))
                    : connection.Any(
                        "SELECT 1 FROM models WHERE classifier = $name AND version = $version AND state <> 'champion'",
                        ("$name", name), ("$version", version));
                if (exists)
                {
                    connection.Run(
                        "UPDATE classifiers SET challenger = $version WHERE name = $name", ("$version", version), ("$name", name));
                    AppendEvent(connection, name);
                }

                return exists;
            },
            cancellation);

    private bool Put(SqliteConnection connection, string name, LabelKind label, string dataset)
    {
        if (!connection.Any("SELECT 1 FROM datasets WHERE hash = $hash", ("$hash", dataset)))
        {
            throw new KeyNotFoundException($"There is no data set {dataset}.");
        }

        var existing = connection.Run(
            "UPDATE classifiers SET dataset = $dataset WHERE name = $name", ("$dataset", dataset), ("$name", name)) == 1;
        if (!existing)
        {
            connection.Run(
                "INSERT INTO classifiers (name, label, dataset, created_at) VALUES ($name, $label, $dataset, $now)",
                ("$name", name), ("$label", label.Word), ("$dataset", dataset),
                ("$now", time.GetUtcNow().ToUnixTimeMilliseconds()));
        }

        AppendEvent(connection, name);
        return !existing;
    }

    private void AppendEvent(SqliteConnection connection, string name) =>
        SqliteEvents.Append(
            connection,
            new ServiceEvent { Type = EventTypes.Classifier, Classifier = name, At = time.GetUtcNow().AsStored });

    private static ClassifierInfo Read(SqliteDataReader row) => new()
    {
        Name = row.GetString(0),
        Label = row.Enum<LabelKind>(1),
        Dataset = row.GetString(2),
        Labels = JsonSerializer.Deserialize(row.GetString(3), ContractsJson.Default.IReadOnlyDictionaryStringInt32)!
            .Keys.Order(StringComparer.Ordinal).ToArray(),
        FeedbackSeen = row.GetInt64(4),
        Settings = JsonSerializer.Deserialize(row.GetString(5), ContractsJson.Default.ClassifierSettings)!,
        CreatedAt = row.Time(6),
        Champion = row.IntOrNull(7),
        FeedbackTried = row.GetInt64(8),
        Challenger = row.IntOrNull(9),
        LastVersion = row.GetInt32(10),
        SetAside = row.TextOrNull(11),
    };
}
