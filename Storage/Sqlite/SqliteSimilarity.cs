using Microsoft.Data.Sqlite;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Sqlite;

/// <summary>
/// Similar tickets: those that FTS5 ranks highest (bm25) for the text's rarest words. Frequent words would cost the most time
/// and tell the least.
/// </summary>
internal static class SqliteSimilarity
{
    /// <summary>Of a long text, so many different words are looked at.</summary>
    private const int WordsLookedAt = 200;

    /// <summary>So many of them are searched for.</summary>
    private const int WordsUsed = 16;

    /// <summary>Tickets are counted up to here; a word that more have tells little.</summary>
    private const int Frequent = 2_000;

    /// <summary>All words together bring about so many tickets to rank at most.</summary>
    private const int Ranked = 4_000;

    /// <summary>The tickets, the most similar first.</summary>
    public static IReadOnlyList<SimilarTicket> Find(SqliteConnection connection, SimilarityQuery query)
    {
        var words = TellingWords(connection, query);
        if (words.Count == 0)
        {
            return [];
        }

        var where = new SqliteConditions();
        where.And("ticket_stems MATCH $words", ("$words", string.Join(" OR ", words)));
        where.Add("classifier = $classifier", "$classifier", query.Classifier);
        where.Add("id <> $except", "$except", query.Except);
        // FTS5's rank is the less the better: it is minus bm25.
        var found = connection.Query(
            $"""
            SELECT {SqliteTickets.Columns}, rank FROM ticket_stems JOIN tickets ON key = ticket_stems.rowid
            {where} ORDER BY rank LIMIT $limit
            """,
            row => (Ticket: SqliteTickets.Read(row), Score: -row.GetDouble(SqliteTickets.ColumnCount)),
            [.. where.Parameters, ("$limit", (long)query.Limit)]);
        return [.. found.Select(one => new SimilarTicket(one.Ticket, found[0].Score > 0 ? one.Score / found[0].Score : 1))];
    }

    private static List<string> TellingWords(SqliteConnection connection, SimilarityQuery query)
    {
        var rare = SearchWords.Of(query.Text)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Take(WordsLookedAt)
            .Select(SqliteSearch.Quote)
            .Select(word => (Word: word, Tickets: Count(connection, word, query.Except)))
            .Where(word => word.Tickets > 0)
            .OrderBy(word => word.Tickets)
            .Take(WordsUsed);
        var used = new List<string>();
        long sum = 0;
        foreach (var (word, tickets) in rare)
        {
            sum += tickets;
            if (used.Count > 0 && sum > Ranked)
            {
                break;
            }

            used.Add(word);
        }

        return used;
    }

    private static long Count(SqliteConnection connection, string word, string? except) =>
        connection.Number(
            """
            SELECT count(*) FROM (
                SELECT 1 FROM ticket_stems
                WHERE ticket_stems MATCH $word AND rowid <> coalesce((SELECT key FROM tickets WHERE id = $except), 0) LIMIT $most)
            """,
            ("$word", word), ("$except", except), ("$most", (long)Frequent)) ?? 0;
}
