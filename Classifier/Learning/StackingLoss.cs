namespace TicketAspire.Classifier.Learning;

/// <summary>The summed cross-entropy of the stacked confidences over all texts, and its gradient.</summary>
internal sealed class StackingLoss(float[][] scores, int[] labels, float[] importance, int classes, int threads)
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
        var begin = (int)((long)labels.Length * chunk / Chunks);
        var end = (int)((long)labels.Length * (chunk + 1) / Chunks);
        var combined = new double[classes];
        var loss = 0.0;
        for (var text = begin; text < end; text++)
        {
            stacking.Combine(scores, text, combined);
            Softmax.InPlace(combined);
            loss -= importance[text] * Math.Log(Math.Max(combined[labels[text]], double.Epsilon));
            combined[labels[text]] -= 1;
            for (var k = 0; k < classes; k++)
            {
                combined[k] *= importance[text];
            }

            stacking.AddGradient(scores, text, combined, gradient);
        }

        return loss;
    }
}
