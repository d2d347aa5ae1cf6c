using TicketAspire.Contracts;

namespace TicketAspire.Storage;

/// <summary>The model registry: every version with its file, and which one serves.</summary>
public interface IModelStore
{
    /// <summary>The version in service of every classifier that has one, by classifier.</summary>
    Task<IReadOnlyDictionary<string, ModelInfo>> ChampionsAsync(CancellationToken cancellation);

    /// <summary>All versions of a classifier, newest first.</summary>
    Task<IReadOnlyList<ModelInfo>> ListAsync(string classifier, CancellationToken cancellation);

    /// <summary>One version, or null.</summary>
    Task<ModelInfo?> FindAsync(string classifier, int version, CancellationToken cancellation);

    /// <summary>The model file.</summary>
    /// <exception cref="KeyNotFoundException">There is no such version.</exception>
    /// <exception cref="InvalidDataException">The file does not match its checksum.</exception>
    Task<byte[]> ReadAsync(string classifier, int version, CancellationToken cancellation);

    /// <summary>
    /// Puts a version in service, whatever its state; the one before becomes <see cref="ModelState.Former"/>.
    /// Appends a <see cref="EventTypes.Champion"/> event. Promoting the champion changes nothing.
    /// </summary>
    /// <returns>The version as it is now, or null if there is none.</returns>
    Task<ModelInfo?> PromoteAsync(string classifier, int version, string by, CancellationToken cancellation);
}
