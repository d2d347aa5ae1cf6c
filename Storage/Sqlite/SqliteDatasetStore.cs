using System.Text.Json;
using Microsoft.Data.Sqlite;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Sqlite;

/// <summary>Data sets in SQLite.</summary>
public sealed class SqliteDatasetStore(SqliteDatabase database, TimeProvider time) : IDatasetStore
{
    private const string Select = "SELECT hash, examples, labels, created_at FROM datasets WHERE hash = $hash";

    /// <inheritdoc/>
    public Task<DatasetInfo> SaveAsync(DatasetContent content, CancellationToken cancellation) =>
        database.WriteAsync(
            connection =>
            {
                // The same content again stays as it is; only a damaged copy is mended.
                connection.Run(
                    """
                    INSERT INTO datasets (hash, examples, labels, created_at, content)
                    VALUES ($hash, $examples, $labels, $now, $content)
                    ON CONFLICT (hash) DO UPDATE SET content = excluded.content WHERE content <> excluded.content
                    """,
                    ("$hash", content.Hash), ("$examples", content.Examples),
                    ("$labels", JsonSerializer.Serialize(content.Labels, ContractsJson.Default.IReadOnlyDictionaryStringInt32)),
                    ("$now", time.GetUtcNow().ToUnixTimeMilliseconds()), ("$content", content.Packed.ToArray()));
                return connection.One(Select, Read, ("$hash", content.Hash))!;
            },
            cancellation);

    /// <inheritdoc/>
    public Task<DatasetInfo?> FindAsync(string hash, CancellationToken cancellation) =>
        database.ReadAsync(connection => connection.One(Select, Read, ("$hash", hash)), cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Example>> ReadAsync(string hash, CancellationToken cancellation)
    {
        var packed = await database.ReadAsync(
            connection => connection.One(
                "SELECT content FROM datasets WHERE hash = $hash", row => row.GetFieldValue<byte[]>(0), ("$hash", hash)),
            cancellation) ?? throw new KeyNotFoundException($"There is no data set {hash}.");
        return DatasetContent.Unpack(hash, packed);
    }

    private static DatasetInfo Read(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetInt32(1),
        JsonSerializer.Deserialize(row.GetString(2), ContractsJson.Default.IReadOnlyDictionaryStringInt32)!,
        row.Time(3));
}
