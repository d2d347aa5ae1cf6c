using System.Text.Json;
using StackExchange.Redis;
using TicketAspire.Contracts;
using TicketAspire.Storage.Sqlite;

namespace TicketAspire.Storage.Redis;

/// <summary>Tickets in Redis: a stream of what happened to them, trimmed to the newest; each process searches a copy of its own.</summary>
public sealed class RedisTicketStore(RedisStore store, RedisTicketIndex index) : ITicketStore
{
    /// <summary>How many entries the stream has, about: a ticket is one, and each feedback on it one more.</summary>
    public const int Kept = 100_000;

    private const int PageSize = 1_000;

    /// <inheritdoc/>
    public async Task AddAsync(IReadOnlyList<Ticket> tickets, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(tickets);
        if (tickets.Count == 0)
        {
            return;
        }

        RedisValue[] names = [.. tickets.Select(ticket => (RedisValue)ticket.Classifier).Distinct()];
        var added = await store.RunAsync(
            """
            local names = tonumber(ARGV[1])
            for i = 1, names do
                if redis.call('EXISTS', key('classifier', ARGV[1 + i])) == 0 then return ARGV[1 + i] end
            end
            for i = 3 + names, #ARGV do
                redis.call('XADD', key('tickets'), 'MAXLEN', '~', ARGV[2 + names], redis.call('INCR', key('ticket-id')) .. '-0', 'ticket', ARGV[i])
            end
            return ''
            """,
            cancellation,
            [
                names.Length, .. names, Kept,
                .. tickets.Select(ticket => (RedisValue)JsonSerializer.Serialize(
                    ticket with { At = DateTimeOffset.FromUnixTimeMilliseconds(ticket.At.ToUnixTimeMilliseconds()) }, ContractsJson.Default.Ticket)),
            ]);
        if ((string?)added is { Length: > 0 } unknown)
        {
            throw new KeyNotFoundException($"There is no classifier '{unknown}'.");
        }
    }

    /// <inheritdoc/>
    public async Task<Ticket?> FindAsync(string id, CancellationToken cancellation)
    {
        if (index.IsReady)
        {
            return await new SqliteTicketStore(await index.PresentAsync(cancellation)).FindAsync(id, cancellation);
        }

        // A process that has just started must not make those wait who correct a ticket: it is among the latest.
        index.Begin();
        return await SearchBackAsync(id, cancellation);
    }

    /// <inheritdoc/>
    public async Task<ReviewPage> ReviewAsync(string classifier, string? after, int limit, CancellationToken cancellation) =>
        await new SqliteTicketStore(await index.PresentAsync(cancellation)).ReviewAsync(classifier, after, limit, cancellation);

    private async Task<Ticket?> SearchBackAsync(string id, CancellationToken cancellation)
    {
        var labels = new List<RedisFields>();
        for (var last = "+"; ;)
        {
            var page = await store.AskAsync(
                database => database.ExecuteAsync("XREVRANGE", (string)store.Key("tickets")!, last, "-", "COUNT", PageSize), cancellation);
            var entries = RedisFields.Entries(page).ToArray();
            foreach (var (_, fields) in entries)
            {
                if (fields.TextOrNull("labelled") == id)
                {
                    labels.Add(fields);
                }
                else if (fields.TextOrNull("ticket") is { } json && json.Contains(id, StringComparison.Ordinal)
                    && JsonSerializer.Deserialize(json, ContractsJson.Default.Ticket) is { } ticket && ticket.Id == id)
                {
                    var latest = labels.Find(one => one.Text("classifier") == ticket.Classifier);
                    return ticket with
                    {
                        Label = latest?.Text("label"), Who = latest?.TextOrNull("who"), LabelledAt = latest?.TimeOrNull("at"),
                    };
                }
            }

            if (entries.Length < PageSize)
            {
                return null;
            }

            last = $"({entries[^1].Id}-0";
        }
    }
}
