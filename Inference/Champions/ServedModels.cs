using System.Collections.Frozen;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Settings;

namespace TicketAspire.Inference.Champions;

/// <summary>
/// The models in service. Reading is one volatile read: a request takes the model once and finishes on it, whatever is
/// swapped meanwhile.
/// </summary>
internal sealed class ServedModels(ClassifierDefaults defaults)
{
    private static readonly TimeSpan TrainingTime = TimeSpan.FromSeconds(2);
    private volatile FrozenDictionary<string, ServedModel> _models = FrozenDictionary<string, ServedModel>.Empty;
    private volatile FrozenDictionary<string, int?> _known = FrozenDictionary<string, int?>.Empty;

    /// <summary>The classifier that <c>POST /predict</c> asks.</summary>
    public string Default { get; } = defaults.Default;

    /// <summary>All models in service, by classifier.</summary>
    public IReadOnlyDictionary<string, ServedModel> All => _models;

    /// <summary>The classifiers that Storage knows, each with its champion's version, or null while it has none.</summary>
    public IReadOnlyDictionary<string, int?> Known => _known;

    /// <summary>The model of a classifier.</summary>
    /// <exception cref="RequestException">404: there is no such classifier. 503: it has no model yet, or one that cannot be loaded.</exception>
    public ServedModel Get(string classifier)
    {
        if (_models.TryGetValue(classifier, out var model))
        {
            return model;
        }

        // The default one is on its way, too, before the first start has created it.
        throw _known.TryGetValue(classifier, out var champion) || classifier == Default
            ? RequestException.Unavailable(
                champion is { } version
                    ? $"Version {version} of the classifier '{classifier}' cannot be loaded; the log of the inference service says why"
                    : $"The classifier '{classifier}' is being trained",
                TrainingTime)
            : RequestException.NotFound(
                $"There is no classifier '{classifier}'. Known: {string.Join(", ", _known.Keys.Order(StringComparer.Ordinal))}");
    }

    /// <summary>Puts these models in service in one step.</summary>
    public void Replace(IReadOnlyDictionary<string, int?> known, IEnumerable<ServedModel> models)
    {
        _models = models.ToFrozenDictionary(model => model.Name, StringComparer.Ordinal);
        _known = known.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
