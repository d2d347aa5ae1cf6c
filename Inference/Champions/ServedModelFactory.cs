using TicketAspire.Classifier;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.Storage;

namespace TicketAspire.Inference.Champions;

/// <summary>Loads a champion from the registry and warms it, aside from the one in service.</summary>
internal sealed class ServedModelFactory(IModelStore models, ClassifierDefaults defaults)
{
    private const string WarmingText = "The printer on the second floor prints nothing, could you have a look?";
    private const int WarmingRounds = 50;

    /// <summary>The model in service after this: the present one if it is still the champion, else a new one.</summary>
    /// <exception cref="InvalidDataException">The model file is damaged.</exception>
    public async Task<ServedModel> GetAsync(
        ClassifierInfo classifier, ModelInfo champion, ServedModel? present, CancellationToken cancellation)
    {
        var threshold = defaults.Threshold(classifier) ?? champion.Metrics.Threshold;
        if (present is not null && present.Version == champion.Version && present.Checksum == champion.Checksum)
        {
            return present.Threshold.Equals(threshold) ? present : present with { Threshold = threshold };
        }

        var model = ModelFile.Read(await models.ReadAsync(classifier.Name, champion.Version, cancellation));
        for (var round = 0; round < WarmingRounds; round++)
        {
            model.Predict(WarmingText);
        }

        return new ServedModel(classifier.Name, classifier.Label, champion.Version, champion.Checksum, threshold, model);
    }
}
