using System.Text;
using Microsoft.Data.Sqlite;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Sqlite;

/// <summary>Tickets in SQLite, with full-text search.</summary>
public sealed class SqliteTicketStore(SqliteDatabase database) : ITicketStore
{
    private const string Select =
        "SELECT id, classifier, text, prediction, confidence, route, model, at, label FROM tickets";

    /// <inheritdoc/>
    public Task AddAsync(IReadOnlyList<Ticket> tickets, CancellationToken cancellation) =>
        tickets.Count == 0
            ? Task.CompletedTask
            : database.WriteAsync(connection => Add(connection, tickets), cancellation);

    /// <inheritdoc/>
    public Task<Ticket?> FindAsync(string id, CancellationToken cancellation) =>
        database.ReadAsync(connection => connection.One($"{Select} WHERE id = $id", Read, ("$id", id)), cancellation);

    /// <inheritdoc/>
    public Task<Page<Ticket>> ListAsync(TicketQuery query, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.Limit, nameof(query));
        return database.ReadAsync(connection => List(connection, query), cancellation);
    }

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
                    {Select} WHERE {Waits}
                        AND (confidence, id) > (
                            coalesce((SELECT confidence FROM tickets WHERE id = $after AND classifier = $classifier), -1),
                            coalesce($after, ''))
                    ORDER BY confidence, id LIMIT $limit
                    """,
                    Read,
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

    /// <summary>Adds tickets within a transaction.</summary>
    internal static int Add(SqliteConnection connection, IReadOnlyList<Ticket> tickets)
    {
        using var insert = connection.CreateCommand();
        insert.CommandText = """
            INSERT INTO tickets (id, classifier, text, prediction, confidence, route, model, at, label)
            VALUES ($id, $classifier, $text, $prediction, $confidence, $route, $model, $at, $label)
            """;
        var id = insert.Parameters.Add("$id", SqliteType.Text);
        var classifier = insert.Parameters.Add("$classifier", SqliteType.Text);
        var text = insert.Parameters.Add("$text", SqliteType.Text);
        var prediction = insert.Parameters.Add("$prediction", SqliteType.Text);
        var confidence = insert.Parameters.Add("$confidence", SqliteType.Real);
        var route = insert.Parameters.Add("$route", SqliteType.Text);
        var model = insert.Parameters.Add("$model", SqliteType.Integer);
        var at = insert.Parameters.Add("$at", SqliteType.Integer);
        var label = insert.Parameters.Add("$label", SqliteType.Text);
        foreach (var ticket in tickets)
        {
            id.Value = ticket.Id;
            classifier.Value = ticket.Classifier;
            text.Value = ticket.Text;
            prediction.Value = ticket.Prediction;
            confidence.Value = ticket.Confidence;
            route.Value = ticket.Route;
            model.Value = ticket.Model;
            at.Value = ticket.At.ToUnixTimeMilliseconds();
            label.Value = ticket.Label ?? (object)DBNull.Value;
            try
            {
                insert.ExecuteNonQuery();
            }
            catch (SqliteException e) when (e.IsForeignKeyViolation)
            {
                throw new KeyNotFoundException($"There is no classifier '{ticket.Classifier}'.", e);
            }
        }

        return tickets.Count;
    }

    private static Page<Ticket> List(SqliteConnection connection, TicketQuery query)
    {
        var sql = new StringBuilder(Select).Append(" WHERE TRUE");
        var parameters = new List<(string Name, object? Value)>();

        void Where(string condition, string name, object? value)
        {
            if (value is not null)
            {
                sql.Append(" AND ").Append(condition);
                parameters.Add((name, value));
            }
        }

        Where("classifier = $classifier", "$classifier", query.Classifier);
        Where("prediction = $prediction", "$prediction", query.Prediction);
        Where("route = $route", "$route", query.Route);
        Where("id < $before", "$before", query.Before);
        if (!string.IsNullOrWhiteSpace(query.Search))
        {
            var search = SqliteSearch.Parse(query.Search);
            if (search is null)
            {
                return new Page<Ticket>([], null);
            }

            Where("key IN (SELECT rowid FROM ticket_stems WHERE ticket_stems MATCH $whole)", "$whole", search.Whole);
            Where(SqliteSearch.LastCondition, "$last", search.Last);
            parameters.Add(("$beginning", search.Beginning));
        }

        // One more than asked for tells whether another page follows.
        sql.Append(" ORDER BY id DESC LIMIT $limit");
        parameters.Add(("$limit", query.Limit + 1L));
        var tickets = connection.Query(sql.ToString(), Read, [.. parameters]);
        if (tickets.Count <= query.Limit)
        {
            return new Page<Ticket>(tickets, null);
        }

        tickets.RemoveAt(query.Limit);
        return new Page<Ticket>(tickets, tickets[^1].Id);
    }

    private static Ticket Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Classifier = row.GetString(1),
        Text = row.GetString(2),
        Prediction = row.GetString(3),
        Confidence = row.GetDouble(4),
        Route = row.GetString(5),
        Model = row.GetInt32(6),
        At = row.Time(7),
        Label = row.TextOrNull(8),
    };
}
