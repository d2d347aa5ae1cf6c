using TicketAspire.Contracts;

namespace TicketAspire.Storage;

/// <summary>Keeps the tickets that were classified, newest first.</summary>
public interface ITicketStore
{
    /// <summary>Records tickets together, all or none; complete when they are on disk.</summary>
    /// <exception cref="KeyNotFoundException">There is no such classifier.</exception>
    /// <exception cref="StorageException">They could not be recorded.</exception>
    Task AddAsync(IReadOnlyList<Ticket> tickets, CancellationToken cancellation);

    /// <summary>One ticket, or null.</summary>
    Task<Ticket?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>Tickets that match, newest first.</summary>
    Task<Page<Ticket>> ListAsync(TicketQuery query, CancellationToken cancellation);

    /// <summary>Tickets that wait for a person: routed <see cref="Routes.Review"/> and without feedback, the least sure first.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="after">Only those behind the ticket with this id in the queue; null, or one that is no ticket, for the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<ReviewPage> ReviewAsync(string classifier, string? after, int limit, CancellationToken cancellation);
}

/// <summary>Which tickets to list.</summary>
public sealed record TicketQuery
{
    /// <summary>Only this classifier's.</summary>
    public string? Classifier { get; init; }

    /// <summary>
    /// Only those that hold all these words (whole words or their inflections; the last may be a beginning), in whatever
    /// case and accents. Blank is no condition; a text without a letter or digit is found nowhere.
    /// </summary>
    public string? Search { get; init; }

    /// <summary>Only those predicted as this category.</summary>
    public string? Prediction { get; init; }

    /// <summary>Only those with this route.</summary>
    public string? Route { get; init; }

    /// <summary>Only those older than the ticket with this id: <see cref="Page{T}.Next"/> of the page before.</summary>
    public string? Before { get; init; }

    /// <summary>How many at most.</summary>
    public int Limit { get; init; } = 20;
}
