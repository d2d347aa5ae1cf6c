namespace TicketAspire.Storage.Sqlite;

/// <summary>What trainings hand on, in SQLite.</summary>
public sealed class SqliteTrainingCache(SqliteDatabase database, TimeProvider time) : ITrainingCache
{
    /// <inheritdoc/>
    public Task<byte[]?> FindAsync(string classifier, string key, CancellationToken cancellation) =>
        database.ReadAsync(
            connection => connection.One(
                "SELECT content FROM training_cache WHERE classifier = $classifier AND key = $key",
                row => row.GetFieldValue<byte[]>(0),
                ("$classifier", classifier), ("$key", key)),
            cancellation);

    /// <inheritdoc/>
    public Task SaveAsync(string classifier, string key, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        database.WriteAsync(
            connection =>
            {
                if (!connection.Any("SELECT 1 FROM classifiers WHERE name = $name", ("$name", classifier)))
                {
                    throw new KeyNotFoundException($"There is no classifier '{classifier}'.");
                }

                connection.Run(
                    """
                    INSERT OR REPLACE INTO training_cache (classifier, key, created_at, content)
                    VALUES ($classifier, $key, $now, $content);
                    DELETE FROM training_cache WHERE classifier = $classifier AND key NOT IN (
                        SELECT key FROM training_cache WHERE classifier = $classifier
                        ORDER BY created_at DESC, rowid DESC LIMIT $kept);
                    """,
                    ("$classifier", classifier), ("$key", key), ("$now", time.GetUtcNow().ToUnixTimeMilliseconds()),
                    ("$content", content.ToArray()), ("$kept", ITrainingCache.Kept));
                return true;
            },
            cancellation);
}
