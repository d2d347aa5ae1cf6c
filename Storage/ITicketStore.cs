using TicketAspire.Contracts;

namespace TicketAspire.Storage;

/// <summary>Keeps the tickets that were classified. They are searched through <see cref="ITicketLog"/>.</summary>
public interface ITicketStore
{
    /// <summary>Records tickets together, all or none; complete when they are on disk.</summary>
    /// <exception cref="KeyNotFoundException">There is no such classifier.</exception>
    /// <exception cref="StorageException">They could not be recorded.</exception>
    Task AddAsync(IReadOnlyList<Ticket> tickets, CancellationToken cancellation);

    /// <summary>One ticket, or null.</summary>
    Task<Ticket?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>Tickets that wait for a person: routed <see cref="Routes.Review"/> and without feedback, the least sure first.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="after">Only those behind the ticket with this id in the queue; null, or one that is no ticket, for the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<ReviewPage> ReviewAsync(string classifier, string? after, int limit, CancellationToken cancellation);
}
