using TicketAspire.Classifier.Model;

namespace TicketAspire.Classifier.Learning.Network;

/// <summary>
/// Trains one network on all texts, which becomes part of the model, and one without each fold, which scores the fold's
/// texts: what they say of texts that they have not seen is what the stacking is fitted to.
/// </summary>
internal sealed class NetworkFitting(NetworkInputs inputs, PreparedTexts texts, TrainingSettings settings)
{
    /// <summary>
    /// The folds when texts are many: fewer than the linear learners have, for a training costs more, and its mean with
    /// others cannot be folded together. When texts are few, a third of them would be missed.
    /// </summary>
    private const int FoldsOfMany = 3;

    private readonly TrainingSet _set = texts.Set;

    private readonly int _folds = texts.Set.Few ? settings.Folds : Math.Min(FoldsOfMany, settings.Folds);

    private readonly int _epochs = settings.NetworkEpochsFor(texts.Set.Examples);

    /// <summary>How many passes over the texts it takes.</summary>
    public int Steps => (_folds + 1) * _epochs;

    /// <summary>Runs all trainings; they are independent of one another, so they share the threads.</summary>
    /// <param name="step">Called after each of <see cref="Steps"/>, from any thread.</param>
    /// <param name="parallel">How many threads to use, and when to give up.</param>
    public TrainedNetwork Run(Action step, ParallelOptions parallel)
    {
        // Other folds than the linear learners': the upper bits draw the hold-out, the lower those.
        var folds = Folds.Of([.. texts.Hashes.Select(hash => hash >> 16)], _folds, _set.Examples);
        var scores = new Half[_set.Examples * inputs.Shape.Classes];
        TextNetwork? whole = null;
        // The longest first.
        Parallel.ForEach(Enumerable.Range(Folds.None, _folds + 1), parallel, fold =>
        {
            int[] learned = [.. Enumerable.Range(0, folds.Length).Where(text => fold == Folds.None || folds[text] != fold)];
            var network = TextNetwork.Train(
                inputs, _set, learned, _epochs, settings.Seed + fold, step, parallel.CancellationToken);
            if (fold == Folds.None)
            {
                whole = network;
            }
            else
            {
                Score(network, folds, fold, scores);
            }
        });
        return new TrainedNetwork(NetworkFolding.Fold(texts, inputs, whole!), texts.Hashes[.._set.Examples], scores);
    }

    private void Score(TextNetwork network, int[] folds, int fold, Half[] scores)
    {
        var classes = inputs.Shape.Classes;
        var all = new float[ByteRows.Stride(classes)];
        for (var text = 0; text < _set.Examples; text++)
        {
            if (folds[text] == fold)
            {
                network.Score(text, all);
                for (var k = 0; k < classes; k++)
                {
                    scores[(text * classes) + k] = (Half)all[k];
                }
            }
        }
    }
}
