using TicketAspire.Contracts;

namespace TicketAspire.Storage;

/// <summary>Keeps data sets: immutable, addressed by content, compressed.</summary>
public interface IDatasetStore
{
    /// <summary>Stores a data set; storing the same content again gives the same data set.</summary>
    Task<DatasetInfo> SaveAsync(DatasetContent content, CancellationToken cancellation);

    /// <summary>What is known of a data set, or null if there is none with this hash.</summary>
    Task<DatasetInfo?> FindAsync(string hash, CancellationToken cancellation);

    /// <summary>Reads the examples in their order.</summary>
    /// <exception cref="InvalidDataException">The content does not match its hash.</exception>
    /// <exception cref="KeyNotFoundException">There is none with this hash.</exception>
    Task<IReadOnlyList<Example>> ReadAsync(string hash, CancellationToken cancellation);
}
