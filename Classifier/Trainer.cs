using TicketAspire.Classifier.Evaluation;
using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Learning;

namespace TicketAspire.Classifier;

/// <summary>Learns a <see cref="TextClassifier"/> from labelled texts.</summary>
public static class Trainer
{
    /// <summary>Below this many texts, a feature that occurs in a single text gets a weight too.</summary>
    private const int RareFeatureTexts = 5000;

    private static readonly FeatureView[] Views = [FeatureView.Words, FeatureView.Characters];

    /// <summary>
    /// Trains a model. The same examples in the same order, with the same settings and seed, give the same model, on any
    /// number of threads.
    /// </summary>
    /// <param name="examples">At least two different labels; a few examples of each are enough to begin.</param>
    /// <param name="settings">How to train.</param>
    /// <param name="progress">Hears how far the training is; may be called from several threads.</param>
    /// <param name="cancellation">Ends the training with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">There are fewer than two different labels.</exception>
    public static TrainedClassifier Train(
        IReadOnlyList<LabelledText> examples,
        TrainingSettings settings,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(settings);
        var labels = examples.Select(example => example.Label).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (labels.Length < 2)
        {
            throw new ArgumentException("At least two different labels are needed to learn from.", nameof(examples));
        }

        var numbers = labels.Select((label, number) => (label, number)).ToDictionary(pair => pair.label, pair => pair.number, StringComparer.Ordinal);
        var texts = examples.Select(example => example.Text).ToArray();
        var truth = examples.Select(example => numbers[example.Label]).ToArray();
        var importance = examples.Select(example => example.Importance).ToArray();

        progress?.Report(new TrainingProgress(TrainingStage.Features, 0));
        var least = texts.Length < RareFeatureTexts ? 1 : 2;
        var matrices = new FeatureMatrix[Views.Length];
        for (var view = 0; view < Views.Length; view++)
        {
            matrices[view] = FeatureMatrix.Build(texts, Views[view], least, settings.Threads, cancellation);
            progress?.Report(new TrainingProgress(TrainingStage.Features, (view + 1.0) / Views.Length));
        }

        var learning = new CrossFitting(matrices, truth, importance, labels.Length, settings);
        var learned = learning.Run(Folds.Of(texts, settings.Folds), progress, cancellation);

        progress?.Report(new TrainingProgress(TrainingStage.Calibrating, 0));
        var stacking = Stacking.Fit(learned.Scores, truth, importance, labels.Length, settings.Threads, cancellation);
        var model = ModelFolding.Fold(labels, matrices, learned, stacking, settings.Threads);
        progress?.Report(new TrainingProgress(TrainingStage.Calibrating, 1));
        return new TrainedClassifier(model, OutOfFold(stacking, learned.Scores, truth, labels));
    }

    private static Judgement[] OutOfFold(Stacking stacking, float[][] scores, int[] truth, string[] labels)
    {
        var combined = new double[labels.Length];
        var judgements = new Judgement[truth.Length];
        for (var text = 0; text < truth.Length; text++)
        {
            stacking.Combine(scores, text, combined);
            Softmax.InPlace(combined);
            var best = Array.IndexOf(combined, combined.Max());
            judgements[text] = new Judgement(labels[truth[text]], labels[best], combined[best]);
        }

        return judgements;
    }
}

/// <summary>What a training gives.</summary>
/// <param name="Model">The model.</param>
/// <param name="OutOfFold">For each example, what models that had not seen it answered.</param>
public sealed record TrainedClassifier(TextClassifier Model, IReadOnlyList<Judgement> OutOfFold);
