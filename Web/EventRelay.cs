using Microsoft.Net.Http.Headers;

namespace TicketAspire.Web;

/// <summary>Passes the Api's server-sent events on, so that the browser talks to one origin only.</summary>
internal sealed class EventRelay(HttpClient http, IHostApplicationLifetime lifetime)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/events", (HttpContext context, EventRelay relay) => relay.RunAsync(context))
            .DisableRateLimiting();

    private async Task RunAsync(HttpContext context)
    {
        // A stream that nobody closes would hold up the shutdown of the service.
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            // A browser gives up for good on any status but 200: trouble is told by ending the stream, and it comes back.
            await context.Response.WriteAsync("retry: 3000\n\n", ends.Token);
            await context.Response.Body.FlushAsync(ends.Token);
            await CopyAsync(context, ends.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            // The Api or the browser went away, or this service stops.
        }
    }

    private async Task CopyAsync(HttpContext context, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(context.Request.Query["operations"] == "true" ? "events?operations=true" : "events", UriKind.Relative));
        if (context.Request.Headers.TryGetValue("Last-Event-ID", out var last))
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", last.ToString());
        }

        request.Headers.TryAddWithoutValidation(HeaderNames.Accept, "text/event-stream");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            return;
        }

        await using var events = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[4096];
        int read;
        while ((read = await events.ReadAsync(buffer, cancellation)) > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), cancellation);
            await context.Response.Body.FlushAsync(cancellation);
        }
    }
}
