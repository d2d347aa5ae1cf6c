using TicketAspire.Contracts;

namespace TicketAspire.Storage;

/// <summary>Keeps the latest drift report of each classifier.</summary>
public interface IDriftStore
{
    /// <summary>The classifier's latest report, or null.</summary>
    Task<DriftReport?> FindAsync(string classifier, CancellationToken cancellation);

    /// <summary>
    /// Keeps a report in place of the one before. Where that had <see cref="DriftState.Drifted"/> and this has not, or the other
    /// way, a <see cref="EventTypes.Drift"/> event is appended in the same step. One that is older than the one kept is ignored.
    /// </summary>
    /// <returns>True if the alert begins or ends with it.</returns>
    /// <exception cref="KeyNotFoundException">There is no such classifier.</exception>
    Task<bool> SaveAsync(DriftReport report, CancellationToken cancellation);
}
