using System.Text.Json;
using Microsoft.Data.Sqlite;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Sqlite;

/// <summary>
/// Rollups in SQLite: a row for each span, series and tags, and one for each of a histogram's buckets. What is added goes into
/// the spans of every length at once, so that old ones only have to be deleted.
/// </summary>
public sealed class SqliteRollupStore(SqliteDatabase database, TimeProvider time) : IRollupStore
{
    /// <summary>The bucket of the row that holds count and sum.</summary>
    private const int Total = -1;

    private static readonly RollupSpan[] Spans = Enum.GetValues<RollupSpan>();

    /// <inheritdoc/>
    public Task AddAsync(IReadOnlyList<Rollup> rollups, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rollups);
        return rollups.Count == 0
            ? Task.CompletedTask
            : database.WriteAsync(connection => Add(connection, rollups, time.GetUtcNow()), cancellation);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Rollup>> ReadAsync(
        RollupSpan span, DateTimeOffset from, DateTimeOffset to, IReadOnlyCollection<string> series, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(series);
        var kept = time.GetUtcNow() - span.Kept;
        var first = span.Begin(from > kept ? from : kept);
        return await database.ReadAsync(connection => Read(connection, span, first, to, series), cancellation);
    }

    private static bool Add(SqliteConnection connection, IReadOnlyList<Rollup> rollups, DateTimeOffset now)
    {
        using var insert = connection.CreateCommand();
        insert.CommandText = """
            INSERT INTO rollups (span, at, series, tags, bucket, count, sum) VALUES ($span, $at, $series, $tags, $bucket, $count, $sum)
            ON CONFLICT DO UPDATE SET count = count + excluded.count, sum = sum + excluded.sum
            """;
        var (span, at) = (insert.Parameters.Add("$span", SqliteType.Integer), insert.Parameters.Add("$at", SqliteType.Integer));
        var (series, tags) = (insert.Parameters.Add("$series", SqliteType.Text), insert.Parameters.Add("$tags", SqliteType.Text));
        var bucket = insert.Parameters.Add("$bucket", SqliteType.Integer);
        var (count, sum) = (insert.Parameters.Add("$count", SqliteType.Integer), insert.Parameters.Add("$sum", SqliteType.Real));
        foreach (var rollup in rollups)
        {
            (series.Value, tags.Value) = (rollup.Series, JsonSerializer.Serialize(rollup.Tags, ContractsJson.Default.IReadOnlyListString));
            foreach (var length in Spans)
            {
                (span.Value, at.Value) = ((int)length.Length.TotalSeconds, length.Begin(rollup.At).ToUnixTimeMilliseconds());
                (bucket.Value, count.Value, sum.Value) = (Total, rollup.Count, rollup.Sum);
                insert.ExecuteNonQuery();
                foreach (var (number, inside) in rollup.Buckets)
                {
                    (bucket.Value, count.Value, sum.Value) = (number, inside, 0.0);
                    insert.ExecuteNonQuery();
                }
            }
        }

        foreach (var length in Spans)
        {
            connection.Run(
                "DELETE FROM rollups WHERE span = $span AND at < $oldest",
                ("$span", (int)length.Length.TotalSeconds), ("$oldest", length.Begin(now - length.Kept).ToUnixTimeMilliseconds()));
        }

        return true;
    }

    private static List<Rollup> Read(
        SqliteConnection connection, RollupSpan span, DateTimeOffset from, DateTimeOffset to, IReadOnlyCollection<string> series)
    {
        var rollups = new List<Rollup>();
        Dictionary<int, long> buckets = [];
        connection.Query(
            """
            SELECT at, series, tags, bucket, count, sum FROM rollups
            WHERE span = $span AND at >= $from AND at < $to AND series IN (SELECT value FROM json_each($series))
            ORDER BY at, series, tags, bucket
            """,
            row =>
            {
                // A total goes before its buckets.
                if (row.GetInt32(3) == Total)
                {
                    rollups.Add(new Rollup
                    {
                        At = row.Time(0),
                        Series = row.GetString(1),
                        Tags = JsonSerializer.Deserialize(row.GetString(2), ContractsJson.Default.IReadOnlyListString)!,
                        Count = row.GetInt64(4),
                        Sum = row.GetDouble(5),
                        Buckets = buckets = [],
                    });
                }
                else
                {
                    buckets[row.GetInt32(3)] = row.GetInt64(4);
                }

                return true;
            },
            ("$span", (int)span.Length.TotalSeconds), ("$from", from.ToUnixTimeMilliseconds()), ("$to", to.ToUnixTimeMilliseconds()),
            ("$series", JsonSerializer.Serialize([.. series], ContractsJson.Default.IReadOnlyListString)));
        return rollups;
    }
}
