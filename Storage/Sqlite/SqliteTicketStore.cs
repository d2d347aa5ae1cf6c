using TicketAspire.Contracts;

namespace TicketAspire.Storage.Sqlite;

/// <summary>Tickets in SQLite.</summary>
public sealed class SqliteTicketStore(SqliteDatabase database) : ITicketStore
{
    /// <inheritdoc/>
    public Task AddAsync(IReadOnlyList<Ticket> tickets, CancellationToken cancellation) =>
        tickets.Count == 0
            ? Task.CompletedTask
            : database.WriteAsync(connection => SqliteTickets.Add(connection, tickets), cancellation);

    /// <inheritdoc/>
    public Task<Ticket?> FindAsync(string id, CancellationToken cancellation) =>
        database.ReadAsync(connection => connection.One($"{SqliteTickets.Select} WHERE id = $id", SqliteTickets.Read, ("$id", id)), cancellation);

    /// <inheritdoc/>
    public Task<ReviewPage> ReviewAsync(string classifier, string? after, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        const string Waits = "classifier = $classifier AND route = 'review' AND label IS NULL";
        return database.ReadAsync(
            connection =>
            {
                // The one before may have been decided meanwhile: its place in the queue is still known.
                var tickets = connection.Query(
                    $"""
                    {SqliteTickets.Select} WHERE {Waits}
                        AND (confidence, id) > (
                            coalesce((SELECT confidence FROM tickets WHERE id = $after AND classifier = $classifier), -1),
                            coalesce($after, ''))
                    ORDER BY confidence, id LIMIT $limit
                    """,
                    SqliteTickets.Read,
                    ("$classifier", classifier), ("$after", after), ("$limit", limit + 1L));
                var waiting = connection.Number($"SELECT count(*) FROM tickets WHERE {Waits}", ("$classifier", classifier)) ?? 0;
                var more = tickets.Count > limit;
                if (more)
                {
                    tickets.RemoveAt(limit);
                }

                return new ReviewPage(tickets, more ? tickets[^1].Id : null, waiting);
            },
            cancellation);
    }
}
