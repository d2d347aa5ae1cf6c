using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using TicketAspire.Tests.Support;

namespace TicketAspire.Tests.EndToEnd;

/// <summary>Stands in for the ingress before Web: it passes everything on, and has nobody to pass it to during a rollout.</summary>
internal sealed class RolloutProxy(Uri service) : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = service };
    private readonly SemaphoreSlim _streams = new(0);
    private CancellationTokenSource _uninterrupted = new();
    private WebApplication? _app;
    private int _refusals;
    private int _refused;

    public Uri Address => new(_app!.Urls.Single());

    /// <summary>How many streams it has answered with a 503.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public static async Task<RolloutProxy> StartAsync(Uri service)
    {
        var proxy = new RolloutProxy(service);
        proxy._app = await StandInServer.StartAsync(app => app.Run(proxy.PassAsync));
        return proxy;
    }

    /// <summary>Waits for a stream of events to begin.</summary>
    public Task StreamAsync() => Eventually.WithinLimitAsync(
        "a stream begins",
        async limit =>
        {
            await _streams.WaitAsync(limit);
            return true;
        },
        HttpCalls.Cancellation);

    /// <summary>Ends all streams and answers the next attempts with 503.</summary>
    public async Task RolloutAsync(int refusals)
    {
        Volatile.Write(ref _refusals, refusals);
        using var interrupted = Interlocked.Exchange(ref _uninterrupted, new CancellationTokenSource());
        await interrupted.CancelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _uninterrupted.CancelAsync();
        await _app!.DisposeAsync();
        _http.Dispose();
        _uninterrupted.Dispose();
        _streams.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        var events = context.Request.Path == "/events";
        if (events && Interlocked.Decrement(ref _refusals) >= 0)
        {
            Interlocked.Increment(ref _refused);
            context.Response.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
            return;
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, events ? _uninterrupted.Token : CancellationToken.None);
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), context.Request.Path + context.Request.QueryString);
        foreach (var name in new[] { "Accept", "Cookie", "Last-Event-ID" })
        {
            request.Headers.TryAddWithoutValidation(name, context.Request.Headers[name].ToArray());
        }

        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ends.Token);
            context.Response.StatusCode = (int)response.StatusCode;
            context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
            if (events)
            {
                await context.Response.Body.FlushAsync(ends.Token);
                _streams.Release();
            }

            await using var content = await response.Content.ReadAsStreamAsync(ends.Token);
            var buffer = new byte[4096];
            int read;
            // Each piece goes on as it comes.
            while ((read = await content.ReadAsync(buffer, ends.Token)) > 0)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), ends.Token);
                await context.Response.Body.FlushAsync(ends.Token);
            }
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The stream ends here.
        }
    }
}
