using TicketAspire.Classifier.Features;

namespace TicketAspire.Classifier.Learning;

/// <summary>
/// Learns to tell one class from the rest: a perceptron with margin whose weights are averaged over all steps (Freund and
/// Schapire, "Large Margin Classification Using the Perceptron Algorithm", Machine Learning 37, 1999; the lazy averaging
/// is Daumé's). It passes over the texts a few times, in orders given from outside, and moves the weights towards a text
/// that is not yet right by a margin.
/// </summary>
internal static class AveragedPerceptron
{
    /// <summary>A text that scores its class by at least this much teaches nothing more.</summary>
    private const float Margin = 1;

    /// <summary>How fast the bias moves against the weights: it meets every text, a weight only its own.</summary>
    private const float BiasStep = 0.1f;

    /// <summary>Trains one class against the rest.</summary>
    /// <param name="matrix">The texts.</param>
    /// <param name="orders">For each epoch the texts to learn from, in the order to visit them.</param>
    /// <param name="labels">The class of each text.</param>
    /// <param name="importance">How much each text counts; 1 is normal.</param>
    /// <param name="target">The class to learn.</param>
    /// <param name="cancellation">Gives up, between epochs.</param>
    public static LinearWeights Train(
        FeatureMatrix matrix, int[][] orders, int[] labels, float[] importance, int target, CancellationToken cancellation)
    {
        var weights = new float[matrix.Features.Length];
        var lag = new float[matrix.Features.Length];
        var bias = 0f;
        var biasLag = 0f;
        var step = 1f;
        foreach (var order in orders)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var text in order)
            {
                var columns = matrix.Columns[text];
                var values = matrix.Values[text];
                var truth = labels[text] == target ? 1f : -1f;
                if (truth * Score(weights, bias, columns, values) <= Margin)
                {
                    var change = truth * importance[text];
                    for (var i = 0; i < columns.Length; i++)
                    {
                        weights[columns[i]] += change * values[i];
                        lag[columns[i]] += step * change * values[i];
                    }

                    bias += BiasStep * change;
                    biasLag += step * BiasStep * change;
                }

                step++;
            }
        }

        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] -= lag[i] / step;
        }

        return new LinearWeights(weights, bias - (biasLag / step));
    }

    private static float Score(float[] weights, float bias, int[] columns, float[] values)
    {
        var score = bias;
        for (var i = 0; i < columns.Length; i++)
        {
            score += weights[columns[i]] * values[i];
        }

        return score;
    }
}

/// <summary>What was learned of one class in one view.</summary>
/// <param name="Weights">One for each column of the matrix.</param>
/// <param name="Bias">Added to every text's score.</param>
internal sealed record LinearWeights(float[] Weights, float Bias)
{
    /// <summary>The score of one of the matrix's texts.</summary>
    public float Score(FeatureMatrix matrix, int text)
    {
        var columns = matrix.Columns[text];
        var values = matrix.Values[text];
        var score = Bias;
        for (var i = 0; i < columns.Length; i++)
        {
            score += Weights[columns[i]] * values[i];
        }

        return score;
    }
}
