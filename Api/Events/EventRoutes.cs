using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using TicketAspire.Contracts;
using TicketAspire.Storage;

namespace TicketAspire.Api.Events;

/// <summary><c>GET /events</c>: what happens, as it happens, as server-sent events.</summary>
internal static class EventRoutes
{
    /// <summary>The first event of every stream: from here on nothing is missed.</summary>
    private const string Ready = "ready";

    private static readonly TimeSpan Reconnection = TimeSpan.FromSeconds(2);

    /// <summary>How often it is told that figures may have changed: as often as what was measured is kept.</summary>
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(5);

    public static void MapEvents(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/events", FollowAsync)
            .WithTags("Events")
            .WithSummary("Server-sent events: ready, feedback, run, champion, classifier, import, drift; with operations=true, operations every few seconds. Last-Event-ID continues where a stream broke off.")
            // A stream is open for hours: it must not take the place of a request.
            .DisableRateLimiting();

    private static async Task<IResult> FollowAsync(
        bool? operations, HttpRequest request, IEventLog events, EventBroadcast broadcast, TimeProvider time, IHostApplicationLifetime lifetime,
        CancellationToken cancellation)
    {
        var latest = await events.LatestAsync(cancellation);
        // An id beyond the latest is of a log that is no more: to wait for it would be to miss all until then.
        var after = long.TryParse(request.Headers["Last-Event-ID"], CultureInfo.InvariantCulture, out var seen) && seen >= 0 && seen <= latest
            ? seen
            : latest;
        return TypedResults.ServerSentEvents(StreamAsync(after, operations == true, broadcast, time, lifetime.ApplicationStopping, cancellation));
    }

    private static async IAsyncEnumerable<SseItem<ServiceEvent>> StreamAsync(
        long after, bool ticks, EventBroadcast broadcast, TimeProvider time, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellation);
        yield return new SseItem<ServiceEvent>(
            new ServiceEvent { Id = after, Type = Ready, Classifier = string.Empty, At = time.GetUtcNow() }, Ready)
        {
            EventId = after.ToString(CultureInfo.InvariantCulture),
            ReconnectionInterval = Reconnection,
        };
        await using var follow = broadcast.FollowAsync(after, end.Token).GetAsyncEnumerator(end.Token);
        using var timer = new PeriodicTimer(TickEvery, time);
        var next = NextAsync(follow);
        var tick = ticks ? timer.WaitForNextTickAsync(end.Token).AsTask() : null;
        try
        {
            while (true)
            {
                await Task.WhenAny(next, tick ?? next);
                if (!next.IsCompleted && tick is { IsCompletedSuccessfully: true })
                {
                    yield return new SseItem<ServiceEvent>(
                        new ServiceEvent { Type = EventTypes.Operations, Classifier = string.Empty, At = time.GetUtcNow() }, EventTypes.Operations);
                    tick = timer.WaitForNextTickAsync(end.Token).AsTask();
                    continue;
                }

                if (!await next)
                {
                    yield break;
                }

                var change = follow.Current;
                yield return new SseItem<ServiceEvent>(change, change.Type)
                {
                    EventId = change.Id.ToString(CultureInfo.InvariantCulture),
                };
                next = NextAsync(follow);
            }
        }
        finally
        {
            // What is under way must have ended before its source is given up.
            await end.CancelAsync();
            await next;
        }
    }

    // A listener that leaves and a service that stops end the stream; neither is an error.
    private static async Task<bool> NextAsync(IAsyncEnumerator<ServiceEvent> follow)
    {
        try
        {
            return await follow.MoveNextAsync();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
