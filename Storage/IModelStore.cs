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
    /// Puts a version in service, whatever its state; the one before becomes <see cref="ModelState.Former"/>. Feedback that it
    /// has learned from is set aside no longer.
    /// Appends a <see cref="EventTypes.Champion"/> event. Promoting the champion changes nothing.
    /// </summary>
    /// <returns>The version as it is now, or null if there is none.</returns>
    Task<ModelInfo?> PromoteAsync(string classifier, int version, string by, CancellationToken cancellation);

    /// <summary>
    /// Puts the version in service that served before the champion did, in one step. Appends a
    /// <see cref="EventTypes.Champion"/> event.
    /// </summary>
    /// <returns>The version as it is now, or null if none served before.</returns>
    Task<ModelInfo?> RollBackAsync(string classifier, string by, CancellationToken cancellation);

    /// <summary>
    /// When which version served, oldest first: each time that one was put in service, by whomever. Those of deleted versions
    /// are kept.
    /// </summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="from">Times that ended by then are left out.</param>
    /// <param name="to">As are those that began at or after this.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyList<ServiceTime>> ServiceTimesAsync(
        string classifier, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation);

    /// <summary>Deletes a version and its file. Versions are not given again.</summary>
    Task<ModelDeletion> DeleteAsync(string classifier, int version, CancellationToken cancellation);

    /// <summary>
    /// Deletes what nobody will come back to: all versions but the champion, the challenger, the newest
    /// <paramref name="newest"/>, and those that served at or after <paramref name="served"/>.
    /// </summary>
    /// <returns>The versions that were deleted.</returns>
    Task<IReadOnlyList<int>> PruneAsync(string classifier, int newest, DateTimeOffset served, CancellationToken cancellation);
}

/// <summary>What became of a request to delete a version.</summary>
public enum ModelDeletion
{
    /// <summary>It is gone.</summary>
    Deleted,

    /// <summary>There is none.</summary>
    NotFound,

    /// <summary>It is the champion or the challenger, and stays.</summary>
    InUse,
}
