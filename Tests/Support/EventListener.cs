using System.Net.ServerSentEvents;
using System.Text.Json;
using TicketAspire.Contracts;

namespace TicketAspire.Tests.Support;

/// <summary>A listener to <c>GET /events</c>.</summary>
public sealed class EventListener : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<string>> _items;

    private EventListener(HttpResponseMessage response, Stream stream)
    {
        _response = response;
        _items = SseParser.Create(stream).EnumerateAsync(HttpCalls.Cancellation).GetAsyncEnumerator(HttpCalls.Cancellation);
    }

    /// <summary>Listens from now on, or after the event with this id.</summary>
    public static async Task<EventListener> OpenAsync(HttpClient http, string? lastEventId = null, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"events{query}");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, HttpCalls.Cancellation);
        response.EnsureSuccessStatusCode();
        return new EventListener(response, await response.Content.ReadAsStreamAsync(HttpCalls.Cancellation));
    }

    /// <summary>The next event: its type and id as the stream's frame has them, and the message.</summary>
    public Task<(string Type, string Id, ServiceEvent Message)> NextAsync() =>
        Eventually.WithinLimitAsync(
            "the next event",
            async limit =>
            {
                if (!await _items.MoveNextAsync().AsTask().WaitAsync(limit))
                {
                    throw new EndOfStreamException("The event stream ended.");
                }

                var item = _items.Current;
                return (item.EventType, item.EventId ?? string.Empty, JsonSerializer.Deserialize(item.Data, ContractsJson.Default.ServiceEvent)!);
            },
            HttpCalls.Cancellation);

    /// <summary>The next event that is meant.</summary>
    public async Task<(string Type, string Id, ServiceEvent Message)> NextAsync(Func<ServiceEvent, bool> meant)
    {
        while (true)
        {
            var next = await NextAsync();
            if (meant(next.Message))
            {
                return next;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _response.Dispose();
        return ValueTask.CompletedTask;
    }
}
