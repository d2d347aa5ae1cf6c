using TicketAspire.Classifier.Features;

namespace TicketAspire.Classifier.Learning;

/// <summary>
/// Learns every view once without each fold. The fold's texts are scored by weights that have not seen them; the model
/// gets the mean of all folds' weights, which is as accurate as weights learned from all texts at once, costs nothing
/// more, and scores new texts on the scale of the out-of-fold scores that its confidences are fitted to.
/// </summary>
internal sealed class CrossFitting(
    FeatureMatrix[] matrices, TrainingSet set, TrainingSettings settings)
{
    private readonly ClassBlock[] _blocks = ClassBlock.Of(set.Labels.Length);

    /// <summary>How many trainings it takes.</summary>
    public int Steps => matrices.Length * _blocks.Length * settings.Folds;

    /// <summary>Runs all trainings; they are independent of one another, so they share the threads.</summary>
    /// <param name="folds">The part of each text.</param>
    /// <param name="step">Called after each of <see cref="Steps"/>, from any thread.</param>
    /// <param name="parallel">How many threads to use, and when to give up.</param>
    public CrossFitted Run(int[] folds, Action step, ParallelOptions parallel)
    {
        var scores = matrices.Select(_ => new float[folds.Length * set.Labels.Length]).ToArray();
        var means = matrices.Select(_ => _blocks.Select(_ => new FoldMean(settings.Folds)).ToArray()).ToArray();
        var orders = Enumerable.Range(0, settings.Folds).Select(fold => Orders(folds, fold)).ToArray();
        Parallel.ForEach(Jobs(), parallel, job =>
        {
            var matrix = matrices[job.View];
            var learned = AveragedPerceptron.Train(
                matrix, orders[job.Fold], set.Truth, set.Importance, _blocks[job.Block], parallel.CancellationToken);
            Score(learned, matrix, folds, job.Fold, scores[job.View]);
            means[job.View][job.Block].Add(job.Fold, learned);
            step();
        });
        return new CrossFitted([.. means.Select(view => view.Select(mean => mean.Value).ToArray())], scores);
    }

    // The long ones, in the characters' view, go first; the folds of a block follow one another, so that few are kept.
    private IEnumerable<(int View, int Block, int Fold)> Jobs() =>
        from view in Enumerable.Range(0, matrices.Length).Reverse()
        from block in Enumerable.Range(0, _blocks.Length)
        from fold in Enumerable.Range(0, settings.Folds)
        select (view, block, fold);

    private void Score(BlockWeights learned, FeatureMatrix matrix, int[] folds, int fold, float[] scores)
    {
        for (var text = 0; text < folds.Length; text++)
        {
            if (folds[text] == fold)
            {
                var score = learned.Score(matrix, text);
                for (var k = 0; k < learned.Block.Count; k++)
                {
                    scores[(text * set.Labels.Length) + learned.Block.First + k] = score[k];
                }
            }
        }
    }

    // Seeded System.Random keeps its algorithm from version to version of .NET.
    private int[][] Orders(int[] folds, int without)
    {
        var random = new Random(settings.Seed + without);
        var texts = Enumerable.Range(0, folds.Length).Where(text => folds[text] != without).ToArray();
        var orders = new int[settings.EpochsFor(set.Examples)][];
        for (var epoch = 0; epoch < orders.Length; epoch++)
        {
            random.Shuffle(texts);
            orders[epoch] = [.. texts];
        }

        return orders;
    }
}

/// <summary>What cross-fitting gives.</summary>
/// <param name="Weights">The mean weights, by view and block of classes.</param>
/// <param name="Scores">The out-of-fold scores, <c>Scores[view][text * classes + class]</c>.</param>
internal sealed record CrossFitted(BlockWeights[][] Weights, float[][] Scores)
{
    /// <summary>One class's weight of a column.</summary>
    public float Weight(int view, int column, int label) =>
        Weights[view][label / ClassBlock.Size].Weights[(column * ClassBlock.Size) + (label % ClassBlock.Size)];

    /// <summary>One class's bias.</summary>
    public float Bias(int view, int label) => Weights[view][label / ClassBlock.Size].Bias[label % ClassBlock.Size];
}

/// <summary>
/// The mean over the folds, added up in their order whatever the order in which they come, so that it does not depend on
/// the threads.
/// </summary>
internal sealed class FoldMean(int folds)
{
    private readonly BlockWeights?[] _waiting = new BlockWeights?[folds];
    private int _next;
    private BlockWeights? _sum;

    /// <summary>The mean, once every fold has been added.</summary>
    public BlockWeights Value => _sum!;

    /// <summary>Adds one fold's weights.</summary>
    public void Add(int fold, BlockWeights weights)
    {
        lock (_waiting)
        {
            _waiting[fold] = weights;
            for (; _next < folds && _waiting[_next] is { } next; _next++)
            {
                _sum = next.AddTo(_sum, folds);
                _waiting[_next] = null;
            }
        }
    }
}
