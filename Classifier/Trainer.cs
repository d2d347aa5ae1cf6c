using TicketAspire.Classifier.Evaluation;
using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Learning;
using TicketAspire.Classifier.Learning.Network;

namespace TicketAspire.Classifier;

/// <summary>Learns a <see cref="TextClassifier"/> from labelled texts.</summary>
public static class Trainer
{
    /// <summary>A feature that leads to the network, which has many weights for each, must occur in so many texts when there are many.</summary>
    private const int LeastTextsForNetwork = 3;

    /// <summary>
    /// Trains a model. The same examples in the same order, with the same settings, seed and network, give the same model, on
    /// any number of threads.
    /// </summary>
    /// <param name="examples">At least two different labels; a few examples of each are enough to begin.</param>
    /// <param name="settings">How to train.</param>
    /// <param name="progress">Hears how far the training is; may be called from several threads.</param>
    /// <param name="network">
    /// The network of an earlier training on nearly the same texts with the same settings, which saves most of a thorough
    /// training's time; null trains one. A quick training has none.
    /// </param>
    /// <param name="cancellation">Ends the training with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">There are fewer than two different labels, or the network has others.</exception>
    public static TrainedClassifier Train(
        IReadOnlyList<LabelledText> examples,
        TrainingSettings settings,
        IProgress<TrainingProgress>? progress = null,
        TrainedNetwork? network = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(settings);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = settings.Threads, CancellationToken = cancellation };
        var texts = PreparedTexts.Of(examples, settings.Level, progress, parallel);
        var set = texts.Set;
        if (network is not null && !network.Labels.SequenceEqual(set.Labels, StringComparer.Ordinal))
        {
            throw new ArgumentException("The network has other labels than the examples.", nameof(network));
        }

        var thorough = settings.Level == TrainingLevel.Thorough;
        var linear = new CrossFitting(texts.Matrices, set, settings);
        var fitting = thorough && network is null ? Fitting(texts, settings, parallel) : null;
        var step = Steps(linear.Steps + (fitting?.Steps ?? 0), progress);
        var folds = Folds.Of(texts.Hashes, settings.Folds, set.Examples);
        var learned = linear.Run(folds, step, parallel);
        network = fitting?.Run(step, parallel) ?? (thorough ? network : null);

        progress?.Report(new TrainingProgress(TrainingStage.Calibrating, 0));
        var scores = new OutOfFoldScores(
            network is null ? learned.Scores : [.. learned.Scores, network.Scores(set.Texts, texts.Hashes, parallel)],
            Familiarity.OutOfFold(texts.Vocabulary, folds));
        var stacking = Stacking.Fit(scores, set, settings.Threads, cancellation);
        var model = ModelFolding.Fold(set.Labels, texts.Matrices, learned, network?.Model, stacking, parallel);
        progress?.Report(new TrainingProgress(TrainingStage.Calibrating, 1));
        return new TrainedClassifier(model, OutOfFold(stacking, scores, set), network);
    }

    /// <summary>
    /// Trains the network of a thorough model alone, for <see cref="Train"/> on these texts and a few more.
    /// The same examples, settings and seed give the same network, on any number of threads.
    /// </summary>
    /// <inheritdoc cref="Train" path="/param|/exception"/>
    public static TrainedNetwork TrainNetwork(
        IReadOnlyList<LabelledText> examples,
        TrainingSettings settings,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(settings);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = settings.Threads, CancellationToken = cancellation };
        var texts = PreparedTexts.Of(examples, TrainingLevel.Thorough, progress, parallel);
        var fitting = Fitting(texts, settings, parallel);
        return fitting.Run(Steps(fitting.Steps, progress), parallel);
    }

    private static NetworkFitting Fitting(PreparedTexts texts, TrainingSettings settings, ParallelOptions parallel) => new(
        NetworkInputs.Of(
            texts.Vocabulary, texts.Words, texts.Characters, texts.Set.Labels.Length,
            texts.Set.Few ? 1 : LeastTextsForNetwork, texts.Least, parallel),
        texts,
        settings);

    private static Action Steps(int steps, IProgress<TrainingProgress>? progress)
    {
        var done = 0;
        return () => progress?.Report(new TrainingProgress(TrainingStage.Training, (double)Interlocked.Increment(ref done) / steps));
    }

    /// <summary>For each example what the calibrated scores answer.</summary>
    internal static Judgement[] OutOfFold(Stacking stacking, OutOfFoldScores scores, TrainingSet set)
    {
        var combined = new double[set.Labels.Length];
        var judgements = new Judgement[set.Examples];
        for (var text = 0; text < judgements.Length; text++)
        {
            stacking.Combine(scores, text, combined);
            Softmax.InPlace(combined);
            var best = Array.IndexOf(combined, combined.Max());
            judgements[text] = new Judgement(set.Labels[set.Truth[text]], set.Labels[best], combined[best])
            {
                UnknownWords = Familiarity.ToUnknownShare(scores.Familiarity[text]),
            };
        }

        return judgements;
    }
}

/// <summary>What a training gives.</summary>
/// <param name="Model">The model.</param>
/// <param name="OutOfFold">For each example, what models that had not seen it answered.</param>
/// <param name="Network">The network of a thorough model, for trainings to come; null of a quick one.</param>
public sealed record TrainedClassifier(TextClassifier Model, IReadOnlyList<Judgement> OutOfFold, TrainedNetwork? Network = null);
