using Microsoft.Data.Sqlite;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Sqlite;

/// <summary>How challengers compare with champions, in SQLite.</summary>
public sealed class SqliteShadowStore(SqliteDatabase database, TimeProvider time) : IShadowStore
{
    private const int PairsShown = 50;

    private const string Present = """
        SELECT (SELECT version FROM models WHERE classifier = name AND state = 'champion'), challenger
        FROM classifiers WHERE name = $classifier
        """;

    /// <inheritdoc/>
    public Task AddAsync(ShadowComparisons comparisons, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(comparisons);
        return database.WriteAsync(connection => Add(connection, comparisons, time.GetUtcNow()), cancellation);
    }

    /// <inheritdoc/>
    public Task<ShadowReport?> ReadAsync(string classifier, CancellationToken cancellation) =>
        database.ReadAsync(connection => Read(connection, classifier), cancellation);

    private static bool Add(SqliteConnection connection, ShadowComparisons added, DateTimeOffset now)
    {
        if (PresentPair(connection, added.Classifier) is not { } present || present != (added.Champion, added.Challenger))
        {
            return false;
        }

        var classifier = ("$classifier", (object?)added.Classifier);
        connection.Run(
            "DELETE FROM shadows WHERE classifier = $classifier AND (champion <> $champion OR challenger <> $challenger)",
            classifier, ("$champion", added.Champion), ("$challenger", added.Challenger));
        connection.Run(
            """
            INSERT INTO shadows (classifier, champion, challenger, since) VALUES ($classifier, $champion, $challenger, $now)
            ON CONFLICT DO NOTHING;
            UPDATE shadows SET compared = compared + $compared, agreed = agreed + $agreed,
                champion_routed = champion_routed + $champions, challenger_routed = challenger_routed + $challengers,
                dropped = dropped + $dropped
            WHERE classifier = $classifier
            """,
            classifier, ("$champion", added.Champion), ("$challenger", added.Challenger), ("$now", now.ToUnixTimeMilliseconds()),
            ("$compared", added.Compared), ("$agreed", added.Agreed), ("$champions", added.ChampionRouted),
            ("$challengers", added.ChallengerRouted), ("$dropped", added.Dropped));
        foreach (var pair in added.Pairs)
        {
            connection.Run(
                """
                INSERT INTO shadow_pairs (classifier, champion, challenger, count) VALUES ($classifier, $champion, $challenger, $count)
                ON CONFLICT DO UPDATE SET count = count + excluded.count
                """,
                classifier, ("$champion", pair.Champion), ("$challenger", pair.Challenger), ("$count", pair.Count));
        }

        foreach (var difference in added.Differences)
        {
            connection.Run(
                """
                INSERT INTO shadow_differences (
                    classifier, text, champion, champion_confidence, challenger, challenger_confidence, at)
                VALUES ($classifier, $text, $champion, $championSure, $challenger, $challengerSure, $at)
                """,
                classifier, ("$text", difference.Text),
                ("$champion", difference.Champion), ("$championSure", difference.ChampionConfidence),
                ("$challenger", difference.Challenger), ("$challengerSure", difference.ChallengerConfidence),
                ("$at", difference.At.ToUnixTimeMilliseconds()));
        }

        connection.Run(
            """
            DELETE FROM shadow_differences WHERE classifier = $classifier AND id NOT IN (
                SELECT id FROM shadow_differences WHERE classifier = $classifier ORDER BY id DESC LIMIT $kept)
            """,
            classifier, ("$kept", ShadowReport.TicketsKept));
        return true;
    }

    private static ShadowReport? Read(SqliteConnection connection, string classifier)
    {
        if (PresentPair(connection, classifier) is not { } present)
        {
            return null;
        }

        var empty = new ShadowReport
        {
            Classifier = classifier, Champion = present.Champion, Challenger = present.Challenger,
            Compared = 0, Agreed = 0, ChampionRouted = 0, ChallengerRouted = 0, Dropped = 0, Pairs = [], Tickets = [],
        };
        var name = ("$classifier", (object?)classifier);
        return connection.One(
            """
            SELECT since, compared, agreed, champion_routed, challenger_routed, dropped FROM shadows
            WHERE classifier = $classifier AND champion = $champion AND challenger = $challenger
            """,
            row => empty with
            {
                Since = row.Time(0),
                Compared = row.GetInt64(1),
                Agreed = row.GetInt64(2),
                ChampionRouted = row.GetInt64(3),
                ChallengerRouted = row.GetInt64(4),
                Dropped = row.GetInt64(5),
                Pairs = connection.Query(
                    """
                    SELECT champion, challenger, count FROM shadow_pairs WHERE classifier = $classifier
                    ORDER BY count DESC, champion, challenger LIMIT $limit
                    """,
                    pair => new ShadowPair(pair.GetString(0), pair.GetString(1), pair.GetInt64(2)),
                    name, ("$limit", PairsShown)),
                Tickets = connection.Query(
                    """
                    SELECT text, champion, champion_confidence, challenger, challenger_confidence, at FROM shadow_differences
                    WHERE classifier = $classifier ORDER BY id DESC
                    """,
                    ticket => new ShadowDifference(
                        ticket.GetString(0), ticket.GetString(1), ticket.GetDouble(2), ticket.GetString(3), ticket.GetDouble(4), ticket.Time(5)),
                    name),
            },
            name, ("$champion", present.Champion), ("$challenger", present.Challenger)) ?? empty;
    }

    private static (int Champion, int Challenger)? PresentPair(SqliteConnection connection, string classifier)
    {
        var pairs = connection.Query(
            Present, row => (Champion: row.IntOrNull(0), Challenger: row.IntOrNull(1)), ("$classifier", classifier));
        return pairs is [{ Champion: { } champion, Challenger: { } challenger }] ? (champion, challenger) : null;
    }
}
