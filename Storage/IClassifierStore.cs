using TicketAspire.Contracts;

namespace TicketAspire.Storage;

/// <summary>Keeps which classifiers there are, their data set and their settings.</summary>
public interface IClassifierStore
{
    /// <summary>All classifiers by name.</summary>
    Task<IReadOnlyList<ClassifierInfo>> ListAsync(CancellationToken cancellation);

    /// <summary>One classifier, or null if there is none of that name.</summary>
    Task<ClassifierInfo?> FindAsync(string name, CancellationToken cancellation);

    /// <summary>
    /// Creates the classifier with this data set, or gives an existing one this data set.
    /// Label kind, settings, champion and history of an existing one stay. Appends a
    /// <see cref="EventTypes.Classifier"/> event.
    /// </summary>
    /// <returns>True when it was created.</returns>
    /// <exception cref="KeyNotFoundException">There is no such data set.</exception>
    Task<bool> PutAsync(string name, LabelKind label, string dataset, CancellationToken cancellation);

    /// <summary>Replaces a classifier's own settings. Appends a <see cref="EventTypes.Classifier"/> event.</summary>
    /// <returns>False if there is none of that name.</returns>
    Task<bool> SetAsync(string name, ClassifierSettings settings, CancellationToken cancellation);

    /// <summary>
    /// Lets a version predict beside the champion without being heard, or none. Appends a <see cref="EventTypes.Classifier"/>
    /// event. A challenger that is promoted is none any more.
    /// </summary>
    /// <param name="name">The classifier.</param>
    /// <param name="version">The version; null for none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False if there is no such classifier or version, or it is the champion.</returns>
    Task<bool> SetChallengerAsync(string name, int? version, CancellationToken cancellation);
}
