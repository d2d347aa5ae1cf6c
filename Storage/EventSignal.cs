using TicketAspire.Contracts;

namespace TicketAspire.Storage;

/// <summary>Wakes a loop when events come that it cares for. Several in a row wake it once.</summary>
public sealed class EventSignal : IAsyncDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _came = new(0);
    private readonly Task _listening;

    private EventSignal(IEventLog events, Func<ServiceEvent, bool> cares, CancellationToken cancellation) =>
        _listening = ListenAsync(events, cares, cancellation);

    /// <summary>Listens from now on, until it is cancelled.</summary>
    public static EventSignal Listen(IEventLog events, Func<ServiceEvent, bool> cares, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(cares);
        return new EventSignal(events, cares, cancellation);
    }

    /// <summary>Waits for the next such event since the last wait, but no longer than this.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        await _came.WaitAsync(atMost, cancellation);
        while (_came.Wait(0, CancellationToken.None))
        {
        }
    }

    /// <summary>Waits for the listening to end; cancel it before.</summary>
    public async ValueTask DisposeAsync()
    {
        await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _came.Dispose();
    }

    private async Task ListenAsync(IEventLog events, Func<ServiceEvent, bool> cares, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                var latest = await events.LatestAsync(cancellation);
                await foreach (var change in events.FollowAsync(latest, cancellation))
                {
                    if (cares(change))
                    {
                        _came.Release();
                    }
                }
            }
            catch (StorageException)
            {
                // Waited out. Whoever waits for the signal looks by itself now and then.
                await Task.Delay(Retry, cancellation);
            }
        }
    }
}
