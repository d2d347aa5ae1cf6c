using TicketAspire.Classifier.Features;

namespace TicketAspire.Classifier.Learning;

/// <summary>
/// Learns every class in every view, once from all texts and once without each fold; the latter score the fold's texts,
/// which they have not seen. Each of these trainings is independent of the others, so they share the threads.
/// </summary>
internal sealed class CrossFitting(
    FeatureMatrix[] matrices, int[] labels, float[] importance, int classes, TrainingSettings settings)
{
    /// <summary>Runs all trainings.</summary>
    /// <returns>
    /// The weights learned from all texts, by view and class; and the out-of-fold scores,
    /// <c>scores[view][text * classes + class]</c>.
    /// </returns>
    public (LinearWeights[][] Weights, float[][] Scores) Run(
        int[] folds, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var weights = matrices.Select(_ => new LinearWeights[classes]).ToArray();
        var scores = matrices.Select(_ => new float[labels.Length * classes]).ToArray();
        var orders = Enumerable.Range(0, settings.Folds + 1).Select(fold => Orders(folds, fold)).ToArray();
        var jobs = matrices.Length * (settings.Folds + 1) * classes;
        var done = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = settings.Threads, CancellationToken = cancellation };
        Parallel.For(0, jobs, parallel, job =>
        {
            // The long ones first: the characters' view, and all texts.
            var target = job % classes;
            var fold = settings.Folds - (job / classes % (settings.Folds + 1));
            var view = matrices.Length - 1 - (job / classes / (settings.Folds + 1));
            var learned = AveragedPerceptron.Train(matrices[view], orders[fold], labels, importance, target, cancellation);
            if (fold == settings.Folds)
            {
                weights[view][target] = learned;
            }
            else
            {
                Score(learned, view, target, folds, fold, scores[view]);
            }

            progress?.Report(new TrainingProgress(TrainingStage.Training, (double)Interlocked.Increment(ref done) / jobs));
        });
        return (weights, scores);
    }

    private void Score(LinearWeights learned, int view, int target, int[] folds, int fold, float[] scores)
    {
        for (var text = 0; text < folds.Length; text++)
        {
            if (folds[text] == fold)
            {
                scores[(text * classes) + target] = learned.Score(matrices[view], text);
            }
        }
    }

    // Seeded System.Random keeps its algorithm from version to version of .NET.
    private int[][] Orders(int[] folds, int without)
    {
        var random = new Random(settings.Seed + without);
        var texts = Enumerable.Range(0, folds.Length).Where(text => folds[text] != without).ToArray();
        var orders = new int[settings.Epochs][];
        for (var epoch = 0; epoch < orders.Length; epoch++)
        {
            random.Shuffle(texts);
            orders[epoch] = [.. texts];
        }

        return orders;
    }
}
