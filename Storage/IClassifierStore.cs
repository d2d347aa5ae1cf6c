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
}
