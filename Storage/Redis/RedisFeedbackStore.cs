using System.Globalization;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Redis;

/// <summary>
/// Feedback in Redis: a stream for each classifier. An entry's id in the stream is its number over all classifiers; its
/// number within the classifier is a field, so that differences count entries.
/// </summary>
public sealed class RedisFeedbackStore(RedisStore store, TimeProvider time) : IFeedbackStore
{
    /// <summary>How many entries are fetched at a time.</summary>
    private const int PageSize = 5_000;

    /// <summary>How many entries of a classifier came after the one with an id.</summary>
    internal const string CountAfter = """
        local function count_after(classifier, id)
            -- Forwards: backwards from an id before the first one, Redis would walk through the whole stream.
            local next = redis.call('XRANGE', key('feedback', classifier), string.format('%.0f-0', tonumber(id) + 1), '+', 'COUNT', 1)
            if #next == 0 then return 0 end
            for i = 1, #next[1][2], 2 do
                if next[1][2][i] == 'number' then
                    return number(key('classifier', classifier), 'feedback') - tonumber(next[1][2][i + 1]) + 1
                end
            end
        end

        """;

    /// <inheritdoc/>
    public async Task<FeedbackEntry> AddAsync(FeedbackEntry entry, string? idempotencyKey, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var added = await store.ChangeAsync(
            CountAfter + """
            local name, idempotency, ticket = ARGV[1], ARGV[2], ARGV[3]
            local k = key('classifier', name)
            if redis.call('EXISTS', k) == 0 then return {} end
            if idempotency ~= '' then
                local first = redis.call('HGET', key('feedback-keys', name), idempotency)
                if first then return redis.call('XRANGE', key('feedback', name), first .. '-0', first .. '-0') end
            end
            local id = redis.call('INCR', key('feedback-id'))
            local fields = { 'number', redis.call('HINCRBY', k, 'feedback', 1), 'text', ARGV[4], 'label', ARGV[6], 'at', ARGV[8] }
            for _, optional in ipairs({ { 'ticket', ticket }, { 'prediction', ARGV[5] }, { 'who', ARGV[7] }, { 'trace', ARGV[11] } }) do
                if optional[2] ~= '' then table.insert(fields, optional[1]); table.insert(fields, string.sub(optional[2], 2)) end
            end
            redis.call('XADD', key('feedback', name), id .. '-0', unpack(fields))
            if idempotency ~= '' then redis.call('HSET', key('feedback-keys', name), idempotency, id) end
            if ticket ~= '' then
                local labelled = { 'labelled', string.sub(ticket, 2), 'classifier', name, 'label', ARGV[6], 'at', ARGV[8] }
                if ARGV[7] ~= '' then table.insert(labelled, 'who'); table.insert(labelled, string.sub(ARGV[7], 2)) end
                redis.call('XADD', key('tickets'), 'MAXLEN', '~', ARGV[10], redis.call('INCR', key('ticket-id')) .. '-0', unpack(labelled))
            end
            event('feedback', name, ARGV[9], 'unseen', count_after(name, field(k, 'feedback_seen') or '0'))
            return redis.call('XRANGE', key('feedback', name), id .. '-0', id .. '-0')
            """,
            cancellation,
            entry.Classifier, idempotencyKey ?? string.Empty, Optional(entry.TicketId), entry.Text, Optional(entry.Prediction),
            entry.Label, Optional(entry.Who), RedisStore.Milliseconds(entry.At), RedisStore.Milliseconds(time.GetUtcNow()),
            RedisTicketStore.Kept, Optional(entry.Trace));
        return RedisFields.Entries(added).Select(one => ToEntry(entry.Classifier, one.Id, one.Fields)).FirstOrDefault()
            ?? throw new KeyNotFoundException($"There is no classifier '{entry.Classifier}'.");
    }

    /// <inheritdoc/>
    public async Task<long> CountAfterAsync(string classifier, long id, CancellationToken cancellation) =>
        (long)await store.RunAsync(CountAfter + "return count_after(ARGV[1], ARGV[2])", cancellation, classifier, id);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FeedbackEntry>> ReadAsync(string classifier, long skip, CancellationToken cancellation)
    {
        // From the newest back: what is to be skipped is not even looked at.
        var entries = new List<FeedbackEntry>();
        var (last, more) = ("+", true);
        while (more)
        {
            var page = await store.AskAsync(
                database => database.ExecuteAsync("XREVRANGE", Feedback(classifier), last, "-", "COUNT", PageSize), cancellation);
            var before = entries.Count;
            entries.AddRange(RedisFields.Entries(page).Where(one => one.Fields.Number("number") > skip)
                .Select(one => ToEntry(classifier, one.Id, one.Fields)));
            more = entries.Count - before == PageSize;
            last = more ? $"({entries[^1].Id}-0" : last;
        }

        entries.Reverse();
        return entries;
    }

    /// <inheritdoc/>
    public async Task<Page<FeedbackEntry>> ListAsync(string classifier, long? before, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        if (before <= 1)
        {
            return new Page<FeedbackEntry>([], null);
        }

        // One more than asked for tells whether another page follows.
        var last = before is { } id ? $"{id - 1}-0" : "+";
        var found = await store.AskAsync(
            database => database.ExecuteAsync("XREVRANGE", Feedback(classifier), last, "-", "COUNT", limit + 1L), cancellation);
        FeedbackEntry[] entries = [.. RedisFields.Entries(found).Select(one => ToEntry(classifier, one.Id, one.Fields))];
        return entries.Length <= limit
            ? new Page<FeedbackEntry>(entries, null)
            : new Page<FeedbackEntry>(entries[..limit], entries[limit - 1].Id.ToString(CultureInfo.InvariantCulture));
    }

    private string Feedback(string classifier) => store.Key("feedback", classifier)!;

    // What is absent differs from what is empty.
    private static string Optional(string? value) => value is null ? string.Empty : "=" + value;

    private static FeedbackEntry ToEntry(string classifier, long id, RedisFields fields) => new()
    {
        Id = id,
        Classifier = classifier,
        TicketId = fields.TextOrNull("ticket"),
        Text = fields.Text("text"),
        Prediction = fields.TextOrNull("prediction"),
        Label = fields.Text("label"),
        Who = fields.TextOrNull("who"),
        At = fields.Time("at"),
        Trace = fields.TextOrNull("trace"),
    };
}
