using Microsoft.ML;
using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Learning;
using TicketAspire.Classifier.Model;
using TicketAspire.Classifier.Text;

namespace TicketAspire.Classifier.MLNet;

/// <summary>
/// Trains a <see cref="LearnedModel"/>: ML.NET's n-grams, its averaged perceptron for each label against all others and for
/// each fold, and the calibration of this library over the out-of-fold scores.
/// </summary>
internal static class MLNetTraining
{
    /// <summary>Trains; see <see cref="Engines.Engine.Train"/>.</summary>
    public static TrainedModel Run(
        IReadOnlyList<LabelledText> examples, TrainingSettings settings, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = settings.Threads, CancellationToken = cancellation };
        var set = TrainingSet.Of(examples);
        progress?.Report(new TrainingProgress(TrainingStage.Features, 0));
        var folds = Folds.Of(Folds.Hashes(set.Texts, parallel), settings.Folds, set.Examples);
        var vocabulary = WordVocabulary.Of(set.Texts, parallel, set.Importance);
        var texts = new string[set.Texts.Length];
        Parallel.For(0, texts.Length, parallel, i => texts[i] = NormalizedText.Of(set.Texts[i]));
        var (file, pipeline) = Featurize(texts, settings, cancellation);
        progress?.Report(new TrainingProgress(TrainingStage.Features, 0.5));
        var features = NGrams.Of(pipeline, texts, parallel);
        progress?.Report(new TrainingProgress(TrainingStage.Features, 1));

        CheckSize(texts.Length, features[0].Length, set.Labels.Length);
        var perceptrons = new OneVersusAll(features, folds, set, settings);
        var done = 0;
        perceptrons.Run(
            () => progress?.Report(new TrainingProgress(TrainingStage.Training, (double)Interlocked.Increment(ref done) / perceptrons.Steps)),
            parallel);

        progress?.Report(new TrainingProgress(TrainingStage.Calibrating, 0));
        var scores = new OutOfFoldScores([perceptrons.Scores], Familiarity.OutOfFold(vocabulary, folds));
        var stacking = Stacking.Fit(scores, set, settings.Threads, cancellation);
        var model = Fold(perceptrons, stacking, set.Labels, vocabulary, pipeline, file);
        progress?.Report(new TrainingProgress(TrainingStage.Calibrating, 1));
        return new TrainedModel(model, Trainer.OutOfFold(stacking, scores, set));
    }

    /// <summary>An array of weights or of scores has to hold them all.</summary>
    /// <exception cref="ArgumentException">There are too many.</exception>
    internal static void CheckSize(int texts, int features, int labels)
    {
        if ((long)features * ByteRows.RowBytes(labels) > Array.MaxLength || (long)texts * labels > Array.MaxLength)
        {
            throw new ArgumentException(
                $"{texts} texts with {features} different n-grams and {labels} labels are too many for ML.NET: train with fewer examples, or with the engine '{Engines.EngineNames.Own}'", nameof(texts));
        }
    }

    // Written and read again, so that what is measured is what will serve.
    private static (byte[] File, Pipeline Pipeline) Featurize(string[] texts, TrainingSettings settings, CancellationToken cancellation)
    {
        var context = new MLContext(settings.Seed);
        var (transformer, input) = NGrams.Fit(context, texts, cancellation);
        var file = PipelineFile.Save(context, transformer, input, room: sizeof(char) * texts.Sum(text => (long)text.Length));
        return (file, PipelineFile.Load(settings.Seed, file).Giving(NGrams.Features));
    }

    // The calibration is linear in the scores, so it multiplies into the weights.
    private static LearnedModel Fold(
        OneVersusAll perceptrons, Stacking stacking, string[] labels, WordVocabulary vocabulary, Pipeline pipeline, byte[] file)
    {
        var biases = new float[labels.Length];
        for (var k = 0; k < biases.Length; k++)
        {
            biases[k] = (float)stacking.Bias(k);
        }

        stacking.AddTo(biases, 0, perceptrons.Biases);
        ModelFolding.Centre(biases);
        var weights = ByteRows.Round(labels.Length, perceptrons.Features, (feature, row) =>
        {
            row.Clear();
            stacking.AddTo(row, 0, perceptrons.Weights.AsSpan(feature * labels.Length, labels.Length));
            ModelFolding.Centre(row);
        });
        uint[] known = [.. vocabulary.Hashes.Select(FeatureWalk.Word).Distinct().Order()];
        return new LearnedModel(labels, biases, weights, known, pipeline, file);
    }
}
