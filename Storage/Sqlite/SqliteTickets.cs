using Microsoft.Data.Sqlite;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Sqlite;

/// <summary>How a ticket stands in its table, for all who read or write there.</summary>
internal static class SqliteTickets
{
    /// <summary>The columns that <see cref="Read"/> reads.</summary>
    public const string Columns = """
        tickets.id, tickets.classifier, tickets.text, tickets.prediction, tickets.confidence, tickets.route, tickets.model,
        tickets.at, tickets.label, tickets.who, tickets.labelled_at
        """;

    /// <summary>How many columns that are.</summary>
    public const int ColumnCount = 11;

    /// <summary>The same, of the table.</summary>
    public const string Select = $"SELECT {Columns} FROM tickets";

    /// <summary>Adds tickets within a transaction.</summary>
    /// <exception cref="KeyNotFoundException">There is no such classifier.</exception>
    public static int Add(SqliteConnection connection, IReadOnlyList<Ticket> tickets)
    {
        using var insert = connection.CreateCommand();
        insert.CommandText = """
            INSERT INTO tickets (id, classifier, text, prediction, confidence, route, model, at, label, who, labelled_at)
            VALUES ($id, $classifier, $text, $prediction, $confidence, $route, $model, $at, $label, $who, $labelled_at)
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
        var who = insert.Parameters.Add("$who", SqliteType.Text);
        var labelledAt = insert.Parameters.Add("$labelled_at", SqliteType.Integer);
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
            who.Value = ticket.Who ?? (object)DBNull.Value;
            labelledAt.Value = ticket.LabelledAt?.ToUnixTimeMilliseconds() ?? (object)DBNull.Value;
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

    /// <summary>Gives a ticket its label within a transaction; an id that is not this classifier's is nothing.</summary>
    public static void Label(SqliteConnection connection, string classifier, string ticket, string label, string? who, DateTimeOffset? at) =>
        connection.Run(
            "UPDATE tickets SET label = $label, who = $who, labelled_at = $at WHERE id = $ticket AND classifier = $classifier",
            ("$label", label), ("$who", who), ("$at", at?.ToUnixTimeMilliseconds()), ("$ticket", ticket), ("$classifier", classifier));

    /// <summary>A row of <see cref="Select"/>.</summary>
    public static Ticket Read(SqliteDataReader row) => new()
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
        Who = row.TextOrNull(9),
        LabelledAt = row.TimeOrNull(10),
    };
}
