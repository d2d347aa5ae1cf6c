using System.Globalization;
using Microsoft.Data.Sqlite;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Sqlite;

/// <summary>Feedback in SQLite.</summary>
public sealed class SqliteFeedbackStore(SqliteDatabase database, TimeProvider time) : IFeedbackStore
{
    private const string Select = "SELECT id, classifier, ticket_id, text, prediction, label, who, at, trace FROM feedback";

    /// <inheritdoc/>
    public Task<FeedbackEntry> AddAsync(FeedbackEntry entry, string? idempotencyKey, CancellationToken cancellation) =>
        database.WriteAsync(connection => Add(connection, entry, idempotencyKey), cancellation);

    /// <inheritdoc/>
    public Task<long> CountAfterAsync(string classifier, long id, CancellationToken cancellation) =>
        database.ReadAsync(connection => CountAfter(connection, classifier, id), cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FeedbackEntry>> ReadAsync(string classifier, long skip, CancellationToken cancellation) =>
        await database.ReadAsync(
            connection =>
            {
                // From the newest back: what is to be skipped is not even looked at.
                var entries = connection.Query(
                    $"""
                    {Select} WHERE classifier = $classifier ORDER BY id DESC LIMIT max(0, coalesce(
                        (SELECT number FROM feedback WHERE classifier = $classifier ORDER BY id DESC LIMIT 1), 0) - $skip)
                    """,
                    Read,
                    ("$classifier", classifier), ("$skip", skip));
                entries.Reverse();
                return entries;
            },
            cancellation);

    /// <inheritdoc/>
    public Task<Page<FeedbackEntry>> ListAsync(string classifier, long? before, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return database.ReadAsync(
            connection =>
            {
                // One more than asked for tells whether another page follows.
                var entries = connection.Query(
                    $"{Select} WHERE classifier = $classifier AND id < $before ORDER BY id DESC LIMIT $limit",
                    Read,
                    ("$classifier", classifier), ("$before", before ?? long.MaxValue), ("$limit", limit + 1L));
                if (entries.Count <= limit)
                {
                    return new Page<FeedbackEntry>(entries, null);
                }

                entries.RemoveAt(limit);
                return new Page<FeedbackEntry>(entries, entries[^1].Id.ToString(CultureInfo.InvariantCulture));
            },
            cancellation);
    }

    private FeedbackEntry Add(SqliteConnection connection, FeedbackEntry entry, string? idempotencyKey)
    {
        if (idempotencyKey is not null && FindByKey(connection, entry.Classifier, idempotencyKey) is { } first)
        {
            return first;
        }

        var seen = connection.Number("SELECT feedback_seen FROM classifiers WHERE name = $name", ("$name", entry.Classifier))
            ?? throw new KeyNotFoundException($"There is no classifier '{entry.Classifier}'.");
        var added = connection.One(
            """
            INSERT INTO feedback (classifier, number, ticket_id, text, prediction, label, who, at, idempotency_key, trace)
            VALUES ($classifier,
                1 + coalesce((SELECT number FROM feedback WHERE classifier = $classifier ORDER BY id DESC LIMIT 1), 0),
                $ticket, $text, $prediction, $label, $who, $at, $key, $trace)
            RETURNING id, classifier, ticket_id, text, prediction, label, who, at, trace
            """,
            Read,
            ("$classifier", entry.Classifier), ("$ticket", entry.TicketId), ("$text", entry.Text),
            ("$prediction", entry.Prediction), ("$label", entry.Label), ("$who", entry.Who),
            ("$at", entry.At.ToUnixTimeMilliseconds()), ("$key", idempotencyKey),
            ("$trace", entry.Trace))!;

        if (entry.TicketId is not null)
        {
            SqliteTickets.Label(connection, entry.Classifier, entry.TicketId, entry.Label, entry.Who, entry.At);
        }

        SqliteEvents.Append(connection, new ServiceEvent
        {
            Type = EventTypes.Feedback,
            Classifier = entry.Classifier,
            At = time.GetUtcNow().AsStored,
            Unseen = CountAfter(connection, entry.Classifier, seen),
        });
        return added;
    }

    private static FeedbackEntry? FindByKey(SqliteConnection connection, string classifier, string key) =>
        connection.One(
            $"{Select} WHERE classifier = $classifier AND idempotency_key = $key",
            Read,
            ("$classifier", classifier), ("$key", key));

    // By numbers, not by counting: every entry's event tells the count, however many entries there are.
    internal static long CountAfter(SqliteConnection connection, string classifier, long id) =>
        connection.Number(
            """
            SELECT coalesce((SELECT number FROM feedback WHERE classifier = $classifier ORDER BY id DESC LIMIT 1), 0)
                - coalesce(
                    (SELECT number FROM feedback WHERE classifier = $classifier AND id <= $id ORDER BY id DESC LIMIT 1), 0)
            """,
            ("$classifier", classifier), ("$id", id)) ?? 0;

    private static FeedbackEntry Read(SqliteDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Classifier = row.GetString(1),
        TicketId = row.TextOrNull(2),
        Text = row.GetString(3),
        Prediction = row.TextOrNull(4),
        Label = row.GetString(5),
        Who = row.TextOrNull(6),
        At = row.Time(7),
        Trace = row.TextOrNull(8),
    };
}
