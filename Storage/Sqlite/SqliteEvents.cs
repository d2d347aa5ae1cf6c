using System.Text.Json;
using Microsoft.Data.Sqlite;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Sqlite;

/// <summary>The rows of the event log. An event is appended in the transaction of the change that it reports.</summary>
internal static class SqliteEvents
{
    /// <summary>How many events are kept at least.</summary>
    public const int Kept = 10_000;

    private const int TrimEvery = 256;

    /// <summary>Appends an event; its id is given here.</summary>
    public static void Append(SqliteConnection connection, ServiceEvent change)
    {
        var id = connection.Number(
            "INSERT INTO events (body) VALUES ($body) RETURNING id",
            ("$body", JsonSerializer.Serialize(change, ContractsJson.Default.ServiceEvent)));
        if (id % TrimEvery == 0)
        {
            connection.Run("DELETE FROM events WHERE id <= $last", ("$last", id - Kept));
        }
    }

    /// <summary>The id of the latest event; 0 when there is none.</summary>
    public static long Latest(SqliteConnection connection) => connection.Number("SELECT max(id) FROM events") ?? 0;

    /// <summary>The events after the one with this id, in order, at most so many.</summary>
    public static List<ServiceEvent> After(SqliteConnection connection, long id, int limit) =>
        connection.Query(
            "SELECT id, body FROM events WHERE id > $id ORDER BY id LIMIT $limit",
            row => JsonSerializer.Deserialize(row.GetString(1), ContractsJson.Default.ServiceEvent)! with { Id = row.GetInt64(0) },
            ("$id", id), ("$limit", limit));
}
