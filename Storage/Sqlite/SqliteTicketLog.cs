using Microsoft.Data.Sqlite;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Sqlite;

/// <summary>The tickets' own table as a log, with full-text search.</summary>
public sealed class SqliteTicketLog(SqliteDatabase database) : ITicketLog
{
    /// <summary>Among so many of the newest tickets words are looked for first.</summary>
    private const long Newest = 5_000;

    /// <inheritdoc/>
    public Task<Page<Ticket>> SearchAsync(TicketLogQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.Limit, nameof(query));
        TicketCursor? before = query.Before is null ? null : TicketCursor.Parse(query.Before);
        return database.ReadAsync(connection => Search(connection, query, before), cancellation);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SimilarTicket>> SimilarAsync(SimilarityQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.Limit, nameof(query));
        return database.ReadAsync(connection => SqliteSimilarity.Find(connection, query), cancellation);
    }

    /// <inheritdoc/>
    public Task<TicketStatistics> StatisticsAsync(StatisticsQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        var starts = StatisticsPeriods.StartsOf(query);
        return database.ReadAsync(connection => SqliteStatistics.Count(connection, query, starts), cancellation);
    }

    private static Page<Ticket> Search(SqliteConnection connection, TicketLogQuery query, TicketCursor? before)
    {
        SqliteSearch? words = null;
        if (!string.IsNullOrWhiteSpace(query.Search) && (words = SqliteSearch.Parse(query.Search)) is null)
        {
            return new Page<Ticket>([], null);
        }

        var found = HasIndexForAll(query)
            ? Find(connection, query, words, before)
            // Indexes begin with the classifier: there are few, and each gives the newest of its own at once.
            : [.. connection.Query("SELECT name FROM classifiers", row => row.GetString(0))
                .SelectMany(name => Find(connection, query with { Classifier = name }, words, before))
                .OrderByDescending(ticket => ticket.At)
                .ThenByDescending(ticket => ticket.Id, StringComparer.Ordinal)];
        return TicketCursor.Page(found, query.Limit);
    }

    private static bool HasIndexForAll(TicketLogQuery query) =>
        query.Classifier is not null
        || query is { Prediction: null, Label: null, Agreed: null, Route: null, Model: null, Who: null };

    private static List<Ticket> Find(SqliteConnection connection, TicketLogQuery query, SqliteSearch? words, TicketCursor? before)
    {
        var where = Where(query, before);
        if (words is null)
        {
            return Read(connection, "tickets", where, query.Limit);
        }

        // Words that many tickets hold are among the newest soon enough: the others' places in the index are not read.
        var (count, from, least, most) = connection.Query(
            $"SELECT count(*), coalesce(min(at), 0), coalesce(min(key), 0), coalesce(max(key), 0) FROM (SELECT key, at FROM tickets{where} ORDER BY at DESC, id DESC LIMIT $newest)",
            row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)),
            [.. where.Parameters, ("$newest", Newest)])[0];
        var newest = Where(query, before);
        // Of the oldest one's moment there may be more, unless these are all.
        newest.And(count < Newest ? "at >= $since" : "at > $since", ("$since", from));
        newest.And(words.Condition, [("$least", least), ("$most", most), .. words.Parameters]);
        var found = Read(connection, "tickets", newest, query.Limit);
        if (count < Newest || found.Count > query.Limit)
        {
            return found;
        }

        // Of the others there are few, and they are looked up one by one.
        return Read(connection, $"({words.Keys}) CROSS JOIN tickets ON key = ticket", where, query.Limit, words.Parameters);
    }

    // One more than asked for tells whether another page follows.
    private static List<Ticket> Read(SqliteConnection connection, string tables, SqliteConditions where, int limit, params (string Name, object? Value)[] more) =>
        connection.Query(
            $"SELECT {SqliteTickets.Columns} FROM {tables}{where} ORDER BY at DESC, id DESC LIMIT $limit",
            SqliteTickets.Read,
            [.. where.Parameters, .. more, ("$limit", limit + 1L)]);

    private static SqliteConditions Where(TicketLogQuery query, TicketCursor? before)
    {
        var where = new SqliteConditions();
        where.Add("classifier = $classifier", "$classifier", query.Classifier);
        where.Add("prediction = $prediction", "$prediction", query.Prediction);
        where.Add("label = $label", "$label", query.Label);
        where.Add("label IS NOT NULL AND (label = prediction) = $agreed", "$agreed", query.Agreed);
        // There are two routes and many of anything else: where both are asked for, not by the index of routes (+).
        where.Add(query is { Prediction: null, Model: null } ? "route = $route" : "+route = $route", "$route", query.Route);
        where.Add("model = $model", "$model", query.Model);
        where.Add("who = $who", "$who", query.Who);
        where.Add("at >= $from", "$from", query.From?.ToUnixTimeMilliseconds());
        where.Add("at < $to", "$to", query.To?.ToUnixTimeMilliseconds());
        if (before is { } end)
        {
            where.And("(at, id) < ($before, $before_id)", ("$before", end.At), ("$before_id", end.Id));
        }

        return where;
    }
}
