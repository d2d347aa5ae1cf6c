using TicketAspire.Contracts;

namespace TicketAspire.Storage;

/// <summary>Keeps what people said of predictions. Nothing is ever changed or lost here.</summary>
public interface IFeedbackStore
{
    /// <summary>
    /// Records feedback; complete only when it is on disk. The ticket it is about, if any, gets its label in the same
    /// step, and a <see cref="EventTypes.Feedback"/> event is appended.
    /// </summary>
    /// <param name="entry">The entry; its id is given here, so pass 0.</param>
    /// <param name="idempotencyKey">
    /// A second call for the same classifier with the same key changes nothing and returns the first one's entry.
    /// </param>
    /// <param name="cancellation">Gives up waiting; the entry may still be recorded.</param>
    /// <returns>The entry as it is kept: with its id, and its time in whole milliseconds, UTC.</returns>
    /// <exception cref="KeyNotFoundException">There is no such classifier.</exception>
    /// <exception cref="StorageException">It could not be recorded.</exception>
    Task<FeedbackEntry> AddAsync(FeedbackEntry entry, string? idempotencyKey, CancellationToken cancellation);

    /// <summary>How many entries of the classifier came after the entry with this id (0 for all).</summary>
    Task<long> CountAfterAsync(string classifier, long id, CancellationToken cancellation);

    /// <summary>All entries of the classifier but the first so many, oldest first.</summary>
    Task<IReadOnlyList<FeedbackEntry>> ReadAsync(string classifier, long skip, CancellationToken cancellation);

    /// <summary>All entries of the classifier, oldest first.</summary>
    Task<IReadOnlyList<FeedbackEntry>> ReadAsync(string classifier, CancellationToken cancellation) =>
        ReadAsync(classifier, skip: 0, cancellation);

    /// <summary>A page, newest first.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="before">Only entries with a smaller id; null for the newest.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Page<FeedbackEntry>> ListAsync(string classifier, long? before, int limit, CancellationToken cancellation);
}
