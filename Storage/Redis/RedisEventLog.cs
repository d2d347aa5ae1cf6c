using System.Runtime.CompilerServices;
using System.Text.Json;
using StackExchange.Redis;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Redis;

/// <summary>
/// The event log in Redis: a stream, trimmed to about the newest 10,000 entries. What is appended is published, too, which
/// wakes listeners; as that may be lost they look by themselves every <see cref="LookEvery"/>. Where the server has lost
/// events that were heard, a listener goes on after the last that is still there.
/// </summary>
public sealed class RedisEventLog(RedisStore store) : IEventLog
{
    private const int PageSize = 256;

    /// <summary>So many of the latest events a listener knows again. A failover loses what was written within moments.</summary>
    private const int Remembered = 128;

    /// <summary>How soon, at the latest, an event is heard of whose publication was lost: 500 ms.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public async Task<long> LatestAsync(CancellationToken cancellation) =>
        (long)await store.AskAsync(database => database.StringGetAsync(store.Key("event-id")), cancellation);

    /// <inheritdoc/>
    public Task AppendAsync(ServiceEvent change, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(change);
        return store.RunAsync(
            "event(ARGV[1], ARGV[2], ARGV[3], 'body', ARGV[4]) return 1",
            cancellation,
            change.Type, change.Classifier, RedisStore.Milliseconds(change.At),
            JsonSerializer.Serialize(change with { Id = 0 }, ContractsJson.Default.ServiceEvent));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ServiceEvent> FollowAsync(
        long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var published = new SemaphoreSlim(0);
        var channel = new RedisChannel((string)store.Key("events")!, RedisChannel.PatternMode.Literal);
        void Heard(RedisChannel from, RedisValue id) => published.Release();
        var subscribed = false;
        var place = new RedisStreamPlace(after, Remembered);
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                List<ServiceEvent> events = [];
                var more = false;
                try
                {
                    if (!subscribed)
                    {
                        subscribed = true;
                        await store.Connection.SubscribeAsync(channel, Heard, cancellation);
                    }

                    more = await ReadAsync(place, events, cancellation);
                }
                catch (Exception error) when (error is StorageException or RedisException or TimeoutException)
                {
                    // Waited out: the next look finds what came meanwhile.
                }

                foreach (var change in events)
                {
                    yield return change;
                }

                if (!more)
                {
                    await published.WaitAsync(LookEvery, cancellation);
                    while (published.Wait(0, CancellationToken.None))
                    {
                    }
                }
            }
        }
        finally
        {
            if (subscribed)
            {
                await store.Connection.UnsubscribeAsync(channel, Heard);
            }
        }
    }

    /// <returns>True if there may be more.</returns>
    private async Task<bool> ReadAsync(RedisStreamPlace place, List<ServiceEvent> events, CancellationToken cancellation)
    {
        var entries = await RangeAsync("XRANGE", $"{place.Begin}-0", "+", Remembered + PageSize, cancellation);
        if (place.IsLost(entries))
        {
            var (oldest, last) = (place.Oldest, place.Last);
            if (!place.GoBack(await RangeAsync("XRANGE", $"{oldest}-0", $"{last}-0", Remembered, cancellation)))
            {
                // Nothing that was heard is left: what the log has now is all that is known of it.
                var newest = await RangeAsync("XREVRANGE", "+", "-", 1, cancellation);
                place.GoTo(Math.Min(newest is [var (id, _)] ? id : 0, oldest - 1));
            }

            return true;
        }

        foreach (var (id, fields) in entries)
        {
            if (id > place.Last)
            {
                events.Add(ToEvent(id, fields));
            }

            place.Read(id, fields);
        }

        return entries.Length == Remembered + PageSize;
    }

    private async Task<(long Id, RedisFields Fields)[]> RangeAsync(
        string command, string from, string to, int count, CancellationToken cancellation) =>
        [.. RedisFields.Entries(await store.AskAsync(
            database => database.ExecuteAsync(command, (string)store.Key("events")!, from, to, "COUNT", count), cancellation))];

    private static ServiceEvent ToEvent(long id, RedisFields fields) => fields.TextOrNull("body") is { } body
        ? JsonSerializer.Deserialize(body, ContractsJson.Default.ServiceEvent)! with { Id = id }
        : new ServiceEvent
        {
            Id = id,
            Type = fields.Text("type"),
            Classifier = fields.Text("classifier"),
            At = fields.Time("at"),
            Unseen = fields.NumberOrNull("unseen"),
            Model = (int?)fields.NumberOrNull("model"),
            Run = fields.TextOrNull("run") is { } run ? RedisRuns.ToRun(new RedisFields(Strings(run))) : null,
        };

    private static RedisValue[] Strings(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(one => (RedisValue)one.GetString())];
    }
}
