using System.Security.Cryptography;
using System.Text;
using TicketAspire.Classifier;
using TicketAspire.Contracts;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.Runs;

/// <summary>
/// Trains a model, with the network of an earlier training where the network's texts are the same. What is kept of it may be
/// lost or damaged: it is trained again then, with the same result.
/// </summary>
internal sealed class NetworkReuse(ITrainingCache cache)
{
    /// <summary>Trains a model from what was gathered.</summary>
    /// <param name="classifier">Whose it is.</param>
    /// <param name="gathered">What to learn from.</param>
    /// <param name="settings">How to train.</param>
    /// <param name="lineage">All settings that the result depends on.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<TrainedClassifier> TrainAsync(
        ClassifierInfo classifier,
        GatheredExamples gathered,
        TrainingSettings settings,
        string lineage,
        IProgress<TrainingProgress> progress,
        CancellationToken cancellation)
    {
        if (settings.Level == TrainingLevel.Quick)
        {
            return await RunAsync(() => Trainer.Train(gathered.Training, settings, progress, network: null, cancellation), cancellation);
        }

        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            $"{classifier.Dataset} {string.Join(',', gathered.NetworkFeedback)} {lineage} seed={settings.Seed}")));
        var network = await FindAsync(classifier.Name, key, cancellation);
        if (network is null && gathered.NetworkTraining != gathered.Training)
        {
            network = await RunAsync(
                () => Trainer.TrainNetwork(gathered.NetworkTraining, settings, progress, cancellation), cancellation);
            await SaveAsync(classifier.Name, key, network, cancellation);
        }

        var trained = await RunAsync(() => Trainer.Train(gathered.Training, settings, progress, network, cancellation), cancellation);
        if (network is null && trained.Network is { } learned)
        {
            await SaveAsync(classifier.Name, key, learned, cancellation);
        }

        return trained;
    }

    private async Task<TrainedNetwork?> FindAsync(string classifier, string key, CancellationToken cancellation)
    {
        try
        {
            return await cache.FindAsync(classifier, key, cancellation) is { } kept ? TrainedNetwork.Read(kept) : null;
        }
        catch (Exception exception) when (exception is InvalidDataException or StorageException)
        {
            return null;
        }
    }

    private async Task SaveAsync(string classifier, string key, TrainedNetwork network, CancellationToken cancellation)
    {
        try
        {
            await cache.SaveAsync(classifier, key, network.Write(), cancellation);
        }
        catch (StorageException)
        {
            // The next training takes its time, then.
        }
    }

    // Training computes for seconds: off the thread that others wait for.
    private static Task<T> RunAsync<T>(Func<T> train, CancellationToken cancellation) => Task.Run(train, cancellation);
}
