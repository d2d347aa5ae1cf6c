namespace TicketAspire.Storage;

/// <summary>
/// Keeps what one training can hand on to the next to save time. It may lose what it was given: that costs time and changes
/// no result.
/// </summary>
public interface ITrainingCache
{
    /// <summary>How many entries of a classifier are kept: the newest.</summary>
    const int Kept = 2;

    /// <summary>The entry with this key, or null.</summary>
    Task<byte[]?> FindAsync(string classifier, string key, CancellationToken cancellation);

    /// <summary>Keeps an entry, in place of one with the same key.</summary>
    /// <exception cref="KeyNotFoundException">There is no such classifier.</exception>
    Task SaveAsync(string classifier, string key, ReadOnlyMemory<byte> content, CancellationToken cancellation);
}
