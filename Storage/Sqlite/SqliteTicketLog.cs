using Microsoft.Data.Sqlite;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Sqlite;

/// <summary>The tickets' own table as a log, with full-text search.</summary>
public sealed class SqliteTicketLog(SqliteDatabase database) : ITicketLog
{
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

        if (words is not null)
        {
            where.Add("key IN (SELECT rowid FROM ticket_stems WHERE ticket_stems MATCH $whole)", "$whole", words.Whole);
            where.And(SqliteSearch.LastCondition, ("$last", words.Last), ("$beginning", words.Beginning));
        }

        // One more than asked for tells whether another page follows.
        return connection.Query(
            $"{SqliteTickets.Select}{where} ORDER BY at DESC, id DESC LIMIT $limit",
            SqliteTickets.Read,
            [.. where.Parameters, ("$limit", query.Limit + 1L)]);
    }
}
