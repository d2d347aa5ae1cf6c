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
