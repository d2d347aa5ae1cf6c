using TicketAspire.Contracts;

namespace TicketAspire.Storage;

/// <summary>
/// What happened, in order, for all services: the log through which a change in one process is heard of in the others.
/// Old events are dropped: a listener must not need them, only notice that something changed.
/// </summary>
public interface IEventLog
{
    /// <summary>The id of the latest event; 0 when there is none.</summary>
    Task<long> LatestAsync(CancellationToken cancellation);

    /// <summary>Appends an event that is no change of what is stored, as the progress of an import; its id is given here.</summary>
    /// <exception cref="StorageException">It could not be written.</exception>
    Task AppendAsync(ServiceEvent change, CancellationToken cancellation);

    /// <summary>
    /// Events after the one with this id, as they come, within a fraction of a second; ends only by cancellation.
    /// An unreachable store is waited out.
    /// </summary>
    IAsyncEnumerable<ServiceEvent> FollowAsync(long after, CancellationToken cancellation);
}
