using System.Net.ServerSentEvents;
using System.Text.Json;
using TicketAspire.Contracts;

namespace TicketAspire.Tests.EndToEnd;

/// <summary>A listener to the Api's events.</summary>
internal sealed class EventStream : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Stream _stream;
    private readonly IAsyncEnumerator<SseItem<string>> _items;

    private EventStream(Stream stream)
    {
        _stream = stream;
        _items = SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator();
    }

    /// <summary>Opens it; resolves when nothing that happens is missed any more.</summary>
    public static async Task<EventStream> OpenAsync(HttpClient api, CancellationToken cancellation)
    {
        var events = new EventStream(await api.GetStreamAsync("events", cancellation));
        await events.FirstAsync(change => change.Type == "ready", cancellation);
        return events;
    }

    /// <summary>The next event that fits.</summary>
    public async Task<ServiceEvent> FirstAsync(Func<ServiceEvent, bool> fits, CancellationToken cancellation)
    {
        while (await _items.MoveNextAsync().AsTask().WaitAsync(Patience, cancellation))
        {
            var change = JsonSerializer.Deserialize(_items.Current.Data, ContractsJson.Default.ServiceEvent)!;
            if (fits(change))
            {
                return change;
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }

    public void Dispose() => _stream.Dispose();
}
