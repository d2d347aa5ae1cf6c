using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Sqlite;

/// <summary>The model registry in SQLite.</summary>
public sealed class SqliteModelStore(SqliteDatabase database, TimeProvider time) : IModelStore
{
    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, ModelInfo>> ChampionsAsync(CancellationToken cancellation)
    {
        var champions = await database.ReadAsync(
            connection => connection.Query($"{SqliteModels.Select} WHERE state = 'champion'", SqliteModels.Read), cancellation);
        return champions.ToDictionary(model => model.Classifier, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ModelInfo>> ListAsync(string classifier, CancellationToken cancellation) =>
        await database.ReadAsync(
            connection => connection.Query(
                $"{SqliteModels.Select} WHERE classifier = $classifier ORDER BY version DESC",
                SqliteModels.Read,
                ("$classifier", classifier)),
            cancellation);

    /// <inheritdoc/>
    public Task<ModelInfo?> FindAsync(string classifier, int version, CancellationToken cancellation) =>
        database.ReadAsync(connection => SqliteModels.Find(connection, classifier, version), cancellation);

    /// <inheritdoc/>
    public async Task<byte[]> ReadAsync(string classifier, int version, CancellationToken cancellation)
    {
        var file = await database.ReadAsync(connection => ReadFile(connection, classifier, version), cancellation)
            ?? throw new KeyNotFoundException($"There is no version {version} of '{classifier}'.");
        if (Convert.ToHexStringLower(SHA256.HashData(file.Content)) != file.Checksum)
        {
            throw new InvalidDataException(
                $"The stored file of version {version} of '{classifier}' is damaged: it does not match its checksum {file.Checksum}.");
        }

        return file.Content;
    }

    /// <inheritdoc/>
    public Task<ModelInfo?> PromoteAsync(string classifier, int version, string by, CancellationToken cancellation) =>
        database.WriteAsync(
            connection =>
            {
                if (SqliteModels.Find(connection, classifier, version) is not { State: not ModelState.Champion })
                {
                    return SqliteModels.Find(connection, classifier, version);
                }

                SqliteModels.Promote(connection, classifier, version, by, time.GetUtcNow());
                return SqliteModels.Find(connection, classifier, version);
            },
            cancellation);

    /// <inheritdoc/>
    public Task<ModelInfo?> RollBackAsync(string classifier, string by, CancellationToken cancellation) =>
        database.WriteAsync(
            connection =>
            {
                var before = connection.Number(
                    """
                    SELECT version FROM models WHERE classifier = $classifier AND state = 'former'
                    ORDER BY retired_at DESC, version DESC LIMIT 1
                    """,
                    ("$classifier", classifier));
                if (before is not { } version)
                {
                    return null;
                }

                SqliteModels.Promote(connection, classifier, (int)version, by, time.GetUtcNow());
                return SqliteModels.Find(connection, classifier, (int)version);
            },
            cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ServiceTime>> ServiceTimesAsync(
        string classifier, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        await database.ReadAsync(
            connection => connection.Query(
                """
                SELECT version, began_at, ended_at, accuracy, promoted_by FROM service_times
                WHERE classifier = $classifier AND began_at < $to AND (ended_at IS NULL OR ended_at > $from)
                ORDER BY began_at, id
                """,
                row => new ServiceTime(row.GetInt32(0), row.Time(1), row.TimeOrNull(2), row.GetDouble(3), row.TextOrNull(4)),
                ("$classifier", classifier), ("$from", from.ToUnixTimeMilliseconds()), ("$to", to.ToUnixTimeMilliseconds())),
            cancellation);

    /// <inheritdoc/>
    public Task<ModelDeletion> DeleteAsync(string classifier, int version, CancellationToken cancellation) =>
        database.WriteAsync(
            connection =>
            {
                if (SqliteModels.Find(connection, classifier, version) is not { } model)
                {
                    return ModelDeletion.NotFound;
                }

                if (model.State == ModelState.Champion
                    || connection.Number("SELECT challenger FROM classifiers WHERE name = $name", ("$name", classifier)) == version)
                {
                    return ModelDeletion.InUse;
                }

                SqliteModels.Delete(connection, classifier, [version]);
                return ModelDeletion.Deleted;
            },
            cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<int>> PruneAsync(string classifier, int newest, DateTimeOffset served, CancellationToken cancellation) =>
        database.WriteAsync<IReadOnlyList<int>>(
            connection =>
            {
                var old = connection.Query(
                    """
                    SELECT version FROM models JOIN classifiers ON name = classifier
                    WHERE classifier = $classifier AND state <> 'champion' AND version IS NOT challenger
                        AND coalesce(retired_at, 0) < $served
                        AND version NOT IN (
                            SELECT version FROM models WHERE classifier = $classifier ORDER BY version DESC LIMIT $newest)
                    ORDER BY version
                    """,
                    row => row.GetInt32(0),
                    ("$classifier", classifier), ("$served", served.ToUnixTimeMilliseconds()), ("$newest", newest));
                if (old.Count > 0)
                {
                    SqliteModels.Delete(connection, classifier, old);
                }

                return old;
            },
            cancellation);

    private static ModelFile? ReadFile(SqliteConnection connection, string classifier, int version) =>
        connection.One(
            """
            SELECT checksum, content FROM models JOIN model_files USING (checksum)
            WHERE classifier = $classifier AND version = $version
            """,
            row => new ModelFile(row.GetString(0), row.GetFieldValue<byte[]>(1)),
            ("$classifier", classifier), ("$version", version));

    private sealed record ModelFile(string Checksum, byte[] Content);
}
