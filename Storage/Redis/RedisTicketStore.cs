using System.Text.Json;
using StackExchange.Redis;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Redis;

/// <summary>Tickets in Redis: a stream of what happened to them, trimmed to the newest; each process searches a copy of its own.</summary>
public sealed class RedisTicketStore : ITicketStore, IAsyncDisposable
{
    /// <summary>How many entries the stream has, about: a ticket is one, and each feedback on it one more.</summary>
    public const int Kept = 100_000;

    private const int PageSize = 1_000;

    private readonly RedisStore _store;
    private readonly RedisTicketIndex _index;

    /// <summary>A store; its copy is made when it is first read.</summary>
    public RedisTicketStore(RedisStore store)
    {
        _store = store;
        _index = new RedisTicketIndex(store);
    }

    /// <inheritdoc/>
    public async Task AddAsync(IReadOnlyList<Ticket> tickets, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(tickets);
        if (tickets.Count == 0)
        {
            return;
        }

        RedisValue[] names = [.. tickets.Select(ticket => (RedisValue)ticket.Classifier).Distinct()];
        var added = await _store.RunAsync(
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
        if (_index.IsReady)
        {
            return await (await _index.PresentAsync(cancellation)).FindAsync(id, cancellation);
        }

        // A process that has just started must not make those wait who correct a ticket: it is among the latest.
        _index.Begin();
        return await SearchBackAsync(id, cancellation);
    }

    /// <inheritdoc/>
    public async Task<Page<Ticket>> ListAsync(TicketQuery query, CancellationToken cancellation) =>
        await (await _index.PresentAsync(cancellation)).ListAsync(query, cancellation);

    /// <inheritdoc/>
    public async Task<ReviewPage> ReviewAsync(string classifier, string? after, int limit, CancellationToken cancellation) =>
        await (await _index.PresentAsync(cancellation)).ReviewAsync(classifier, after, limit, cancellation);

    private async Task<Ticket?> SearchBackAsync(string id, CancellationToken cancellation)
    {
        var labels = new List<(string Classifier, string Label)>();
        for (var last = "+"; ;)
        {
            var page = await _store.AskAsync(
                database => database.ExecuteAsync("XREVRANGE", (string)_store.Key("tickets")!, last, "-", "COUNT", PageSize), cancellation);
            var entries = RedisFields.Entries(page).ToArray();
            foreach (var (_, fields) in entries)
            {
                if (fields.TextOrNull("labelled") == id)
                {
                    labels.Add((fields.Text("classifier"), fields.Text("label")));
                }
                else if (fields.TextOrNull("ticket") is { } json && json.Contains(id, StringComparison.Ordinal)
                    && JsonSerializer.Deserialize(json, ContractsJson.Default.Ticket) is { } ticket && ticket.Id == id)
                {
                    return ticket with { Label = labels.Find(one => one.Classifier == ticket.Classifier).Label };
                }
            }

            if (entries.Length < PageSize)
            {
                return null;
            }

            last = $"({entries[^1].Id}-0";
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _index.DisposeAsync();
}
