using System.Runtime.CompilerServices;
using System.Threading.Channels;
using TicketAspire.Contracts;
using TicketAspire.Storage;

namespace TicketAspire.Api.Events;

/// <summary>
/// Follows the event log once and passes it on to every listener of this service: a thousand open pages cost the store no
/// more than one.
/// </summary>
internal sealed partial class EventBroadcast(IEventLog events, TimeProvider time, ILogger<EventBroadcast> logger) : BackgroundService
{
    /// <summary>Events that are remembered for listeners that come back.</summary>
    private const int Remembered = 1000;

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<ServiceEvent> _recent = new();
    private readonly HashSet<Channel<ServiceEvent>> _listeners = [];

    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // All events after this id are in _recent.
    private long _from = long.MaxValue;
    private long _latest;

    /// <summary>
    /// Events that may wait for a slow listener; one that is further behind is cut off and comes back by itself. More than
    /// any burst that the log tells at once.
    /// </summary>
    public int Waiting { get; init; } = 4096;

    /// <summary>Events after the one with this id, as they come. Ends when the listener is too slow, or by cancellation.</summary>
    public async IAsyncEnumerable<ServiceEvent> FollowAsync(long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Before, there is nothing to join, and who turned to the log instead would stay there until something happens.
        await _begun.Task.WaitAsync(cancellation);
        var listener = Channel.CreateBounded<ServiceEvent>(Waiting);
        try
        {
            var missed = Join(listener, after);
            if (missed is null)
            {
                // Further back than is remembered: the log itself knows, and is read until what is remembered follows.
                await foreach (var change in events.FollowAsync(after, cancellation))
                {
                    yield return change;
                    after = change.Id;
                    missed = Join(listener, after);
                    if (missed is not null)
                    {
                        break;
                    }
                }
            }

            foreach (var change in missed ?? [])
            {
                yield return change;
            }

            await foreach (var change in listener.Reader.ReadAllAsync(cancellation))
            {
                // An id that was asked for may be ahead of what the log has told so far.
                if (change.Id > after)
                {
                    yield return change;
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                _listeners.Remove(listener);
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var latest = await events.LatestAsync(stoppingToken);
                Begin(latest);

                await foreach (var change in events.FollowAsync(latest, stoppingToken))
                {
                    Publish(change);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (StorageException exception)
            {
                LogUnreachable(logger, exception.Message);
                await Task.Delay(Retry, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // What came between two beginnings is not known here: listeners come back and ask the log for it.
    private void Begin(long latest)
    {
        lock (_gate)
        {
            _from = _latest = latest;
            _recent.Clear();
            foreach (var listener in _listeners)
            {
                listener.Writer.TryComplete();
            }

            _listeners.Clear();
        }

        _begun.TrySetResult();
    }

    // What the listener has missed of the remembered events, or null if more than is remembered.
    private ServiceEvent[]? Join(Channel<ServiceEvent> listener, long after)
    {
        lock (_gate)
        {
            if (after < _from)
            {
                return null;
            }

            _listeners.Add(listener);
            return [.. _recent.Where(change => change.Id > after)];
        }
    }

    private void Publish(ServiceEvent change)
    {
        lock (_gate)
        {
            if (change.Id <= _latest)
            {
                // The log has lost its latest events, and gives their ids again.
                Begin(change.Id - 1);
            }

            _latest = change.Id;
            _recent.Enqueue(change);
            if (_recent.Count > Remembered)
            {
                _from = _recent.Dequeue().Id;
            }

            foreach (var listener in _listeners.Where(listener => !listener.Writer.TryWrite(change)).ToArray())
            {
                listener.Writer.TryComplete();
                _listeners.Remove(listener);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The event log cannot be read: {Problem}")]
    private static partial void LogUnreachable(ILogger logger, string problem);
}
