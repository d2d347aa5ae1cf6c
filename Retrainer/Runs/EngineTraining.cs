using TicketAspire.Classifier;
using TicketAspire.Classifier.Engines;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Settings;

namespace TicketAspire.Retrainer.Runs;

/// <summary>Trains a classifier's model with the engine that is configured for it.</summary>
internal sealed class EngineTraining(NetworkReuse networks, ClassifierDefaults defaults, EngineCatalog engines)
{
    /// <summary>The engine to use in place of what is configured, for this process; null for none.</summary>
    public string? Chosen { get; set; }

    /// <summary>Refuses a configured engine that there is not: told at the start, not at the first training.</summary>
    /// <exception cref="InvalidOperationException">There is none of that name; the message says which there are.</exception>
    public static void Check(IConfiguration configuration, EngineCatalog engines)
    {
        var settings = configuration.GetSection("Classifiers").GetChildren().Select(classifier => classifier.GetSection("Engine"))
            .Append(configuration.GetSection($"{RetrainingOptions.Section}:Engine"));
        foreach (var setting in settings.Where(setting => setting.Value is not null))
        {
            if (engines.Find(setting.Value!) is null)
            {
                throw new InvalidOperationException($"{setting.Path} is '{setting.Value}'; an engine is {string.Join(" or ", engines.Names)}.");
            }
        }
    }

    /// <summary>The classifier's engine.</summary>
    /// <exception cref="ArgumentException">There is no engine of the configured name.</exception>
    public Engine Engine(ClassifierInfo classifier) => engines.Get(Chosen ?? defaults.Engine(classifier));

    /// <summary>Trains a model from what was gathered.</summary>
    /// <param name="engine">With what.</param>
    /// <param name="classifier">Whose it is.</param>
    /// <param name="gathered">What to learn from.</param>
    /// <param name="settings">How to train.</param>
    /// <param name="lineage">All settings that the result depends on.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<TrainedModel> TrainAsync(
        Engine engine,
        ClassifierInfo classifier,
        GatheredExamples gathered,
        TrainingSettings settings,
        string lineage,
        IProgress<TrainingProgress> progress,
        CancellationToken cancellation)
    {
        if (engine.Name != EngineNames.Own)
        {
            // Training computes for seconds: off the thread that others wait for.
            return await Task.Run(() => engine.Train(gathered.Training, settings, progress, cancellation), cancellation);
        }

        var trained = await networks.TrainAsync(classifier, gathered, settings, lineage, progress, cancellation);
        return new TrainedModel(trained.Model, trained.OutOfFold);
    }
}
