using TicketAspire.Classifier.Evaluation;
using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Learning;
using TicketAspire.Classifier.Learning.Network;

namespace TicketAspire.Classifier;

/// <summary>Learns a <see cref="TextClassifier"/> from labelled texts.</summary>
public static class Trainer
{
    /// <summary>When there are many texts, a feature or word in fewer than so many is not worth a weight.</summary>
    private const int LeastTexts = 2;

    /// <summary>The same where pairs are distant: there are so many that most are accidents (IT tickets: half as many with 3 as with 2).</summary>
    private const int LeastTextsForPairs = 3;

    /// <summary>The same for the features that lead to the network, which has many weights for each.</summary>
    private const int LeastTextsForNetwork = 3;

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
        var set = TrainingSet.Of(examples);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = settings.Threads, CancellationToken = cancellation };

        progress?.Report(new TrainingProgress(TrainingStage.Features, 0));
        var hashes = Folds.Hashes(set.Texts, parallel);
        var vocabulary = WordVocabulary.Of(set.Texts, parallel);
        var quick = settings.Level == TrainingLevel.Quick;
        var view = quick ? FeatureView.Words : FeatureView.DistantWords;
        var least = set.Few ? 1 : LeastTexts;
        var words = WordMatrix.Build(vocabulary, view, set.Few ? 1 : quick ? LeastTexts : LeastTextsForPairs, parallel);
        progress?.Report(new TrainingProgress(TrainingStage.Features, 0.5));
        var characters = CharacterMatrix.Build(vocabulary, least, parallel);
        FeatureMatrix[] matrices = [words, characters];
        progress?.Report(new TrainingProgress(TrainingStage.Features, 1));

        var linear = new CrossFitting(matrices, set, settings);
        var network = quick ? null : new NetworkFitting(
            NetworkInputs.Of(vocabulary, words, characters, set.Labels.Length, set.Few ? 1 : LeastTextsForNetwork, least, parallel), set, settings);
        var steps = linear.Steps + (network?.Steps ?? 0);
        var done = 0;
        void Step() => progress?.Report(new TrainingProgress(TrainingStage.Training, (double)Interlocked.Increment(ref done) / steps));
        var folds = Folds.Of(hashes, settings.Folds, set.Examples);
        var learned = linear.Run(folds, Step, parallel);
        var fitted = network?.Run(hashes, Step, parallel);

        progress?.Report(new TrainingProgress(TrainingStage.Calibrating, 0));
        var scores = new OutOfFoldScores(
            fitted is null ? learned.Scores : [.. learned.Scores, fitted.Scores], Familiarity.OutOfFold(vocabulary, folds));
        var stacking = Stacking.Fit(scores, set, settings.Threads, cancellation);
        var model = ModelFolding.Fold(set.Labels, vocabulary, matrices, learned, fitted, stacking, parallel);
        progress?.Report(new TrainingProgress(TrainingStage.Calibrating, 1));
        return new TrainedClassifier(model, OutOfFold(stacking, scores, set));
    }

    private static Judgement[] OutOfFold(Stacking stacking, OutOfFoldScores scores, TrainingSet set)
    {
        var combined = new double[set.Labels.Length];
        var judgements = new Judgement[set.Examples];
        for (var text = 0; text < judgements.Length; text++)
        {
            stacking.Combine(scores, text, combined);
            Softmax.InPlace(combined);
            var best = Array.IndexOf(combined, combined.Max());
            judgements[text] = new Judgement(set.Labels[set.Truth[text]], set.Labels[best], combined[best]);
        }

        return judgements;
    }
}

/// <summary>What a training gives.</summary>
/// <param name="Model">The model.</param>
/// <param name="OutOfFold">For each example, what models that had not seen it answered.</param>
public sealed record TrainedClassifier(TextClassifier Model, IReadOnlyList<Judgement> OutOfFold);
