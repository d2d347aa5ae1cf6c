using TicketAspire.Classifier;
using TicketAspire.Classifier.Engines;
using TicketAspire.Classifier.MLNet;
using TicketAspire.Contracts;
using TicketAspire.Inference.MLNet;
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.Storage;

namespace TicketAspire.Inference.Champions;

/// <summary>Loads a champion from the registry and warms it, aside from the one in service.</summary>
internal sealed class ServedModelFactory(IModelStore models, ClassifierDefaults defaults, EngineCatalog engines)
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

        var model = await LoadAsync(classifier.Name, champion.Version, cancellation);
        return new ServedModel(
            classifier.Name, classifier.Label, champion.Version, champion.Checksum, threshold, champion.Metrics.Accuracy, model, present?.Challenger);
    }

    /// <summary>The classifier's challenger: the present one if it still is that, else a new one; null if there is none.</summary>
    /// <exception cref="InvalidDataException">The model file is damaged.</exception>
    public async Task<ChallengerModel?> GetChallengerAsync(
        ClassifierInfo classifier, ChallengerModel? present, CancellationToken cancellation)
    {
        if (classifier.Challenger is not { } version
            || await models.FindAsync(classifier.Name, version, cancellation) is not { } challenger)
        {
            return null;
        }

        var threshold = defaults.Threshold(classifier) ?? challenger.Metrics.Threshold;
        return present?.Version == version && present.Checksum == challenger.Checksum
            ? present.Threshold.Equals(threshold) ? present : present with { Threshold = threshold }
            : new ChallengerModel(version, challenger.Checksum, threshold, await LoadAsync(classifier.Name, version, cancellation));
    }

    private async Task<TextModel> LoadAsync(string classifier, int version, CancellationToken cancellation)
    {
        var model = engines.Read(await models.ReadAsync(classifier, version, cancellation));
        if (model is MLNetModel trained)
        {
            model = trained.With(ServingPool.Of(trained.Pipeline));
        }

        for (var round = 0; round < WarmingRounds; round++)
        {
            model.Predict(WarmingText);
        }

        return model;
    }
}
