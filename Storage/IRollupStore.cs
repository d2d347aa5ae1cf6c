using TicketAspire.Contracts;

namespace TicketAspire.Storage;

/// <summary>
/// Keeps what services measure of their work, added up by spans of time. Any number of services add to the same numbers. Its
/// size is bounded: <see cref="RollupSpan"/> says how long what is kept.
/// </summary>
public interface IRollupStore
{
    /// <summary>
    /// Adds to what there is, all or nothing up to a hundred; of more, a part may be there where it fails. Where the store did not answer it may have been added: then adding it again
    /// counts it twice, which figures of this kind bear.
    /// </summary>
    /// <param name="rollups">What happened, by minutes.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StorageException">It could not be added.</exception>
    Task AddAsync(IReadOnlyList<Rollup> rollups, CancellationToken cancellation);

    /// <summary>What was added, of some series, by spans, oldest first.</summary>
    /// <param name="span">How long the spans are; what is older than these are kept is not told.</param>
    /// <param name="from">The first span is the one that this time is in.</param>
    /// <param name="to">The last span begins before this.</param>
    /// <param name="series">The series' names.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyList<Rollup>> ReadAsync(
        RollupSpan span, DateTimeOffset from, DateTimeOffset to, IReadOnlyCollection<string> series, CancellationToken cancellation);
}
