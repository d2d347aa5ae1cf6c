namespace TicketAspire.Classifier.Learning;

/// <summary>The summed cross-entropy of the stacked confidences over all texts, and its gradient.</summary>
internal sealed class StackingLoss(OutOfFoldScores scores, TrainingSet set, int threads)
{
    /// <summary>Fixed, so that sums are added in the same order on any number of threads.</summary>
    private const int Chunks = 32;

    /// <summary>Computes it for these parameters.</summary>
    public double Evaluate(Stacking stacking, double[] gradient)
    {
        var losses = new double[Chunks];
        var gradients = new double[Chunks][];
        Parallel.For(0, Chunks, new ParallelOptions { MaxDegreeOfParallelism = threads }, chunk =>
        {
            gradients[chunk] = new double[gradient.Length];
            losses[chunk] = Chunk(stacking, chunk, gradients[chunk]);
        });

        Array.Clear(gradient);
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            for (var i = 0; i < gradient.Length; i++)
            {
                gradient[i] += gradients[chunk][i];
            }
        }

        return losses.Sum();
    }

    private double Chunk(Stacking stacking, int chunk, double[] gradient)
    {
        var begin = (int)((long)set.Examples * chunk / Chunks);
        var end = (int)((long)set.Examples * (chunk + 1) / Chunks);
        var combined = new double[set.Labels.Length];
        var loss = 0.0;
        for (var text = begin; text < end; text++)
        {
            stacking.Combine(scores, text, combined);
            Softmax.InPlace(combined);
            loss -= set.Importance[text] * Math.Log(Math.Max(combined[set.Truth[text]], double.Epsilon));
            combined[set.Truth[text]] -= 1;
            for (var k = 0; k < combined.Length; k++)
            {
                combined[k] *= set.Importance[text];
            }

            stacking.AddGradient(scores, text, combined, gradient);
        }

        return loss;
    }
}
