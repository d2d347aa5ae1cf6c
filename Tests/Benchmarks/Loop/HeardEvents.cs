using System.Diagnostics;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using TicketAspire.Contracts;

namespace TicketAspire.Benchmarks.Loop;

/// <summary>An event of the host and when it was heard, on this process's <see cref="Stopwatch"/>.</summary>
/// <param name="Timestamp">When.</param>
/// <param name="Change">What.</param>
internal sealed record HeardEvent(long Timestamp, ServiceEvent Change);

/// <summary><c>GET /events</c> of the Api, from the moment of <see cref="ListenAsync"/> on: nothing after it is missed.</summary>
internal sealed class HeardEvents : IDisposable
{
    private const string Ready = "ready";

    private readonly HttpClient _http = new();
    private Stream? _stream;
    private IAsyncEnumerator<SseItem<string>>? _items;

    private HeardEvents()
    {
    }

    /// <summary>Listens; complete once the host has said that it tells all from here on.</summary>
    public static async Task<HeardEvents> ListenAsync(HostProcess host, CancellationToken cancellation)
    {
        var events = new HeardEvents();
        try
        {
            events._stream = await events._http.GetStreamAsync(new Uri(host.Api, "events"), cancellation);
            events._items = SseParser.Create(events._stream).EnumerateAsync(cancellation).GetAsyncEnumerator(cancellation);
            return await events._items.MoveNextAsync() && events._items.Current.EventType == Ready
                ? events
                : throw new HostException("The stream of events does not begin with 'ready'.");
        }
        catch
        {
            events.Dispose();
            throw;
        }
    }

    /// <summary>The events as they come, for one reader.</summary>
    public async IAsyncEnumerable<HeardEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await _items!.MoveNextAsync())
        {
            cancellation.ThrowIfCancellationRequested();
            var heard = Stopwatch.GetTimestamp();
            yield return new HeardEvent(heard, JsonSerializer.Deserialize(_items.Current.Data, ContractsJson.Default.ServiceEvent)!);
        }
    }

    // The stream, not its reader: that may be waiting for the next event.
    public void Dispose()
    {
        _stream?.Dispose();
        _http.Dispose();
    }
}
