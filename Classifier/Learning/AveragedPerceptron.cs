using System.Runtime.Intrinsics;
using TicketAspire.Classifier.Features;

namespace TicketAspire.Classifier.Learning;

/// <summary>
/// Learns to tell each of eight classes from the rest: perceptrons with margin whose weights are averaged over all steps
/// (Freund and Schapire, "Large Margin Classification Using the Perceptron Algorithm", Machine Learning 37, 1999; the lazy
/// averaging is Daumé's). It passes over the texts a few times, in orders given from outside, and moves a class's weights
/// towards a text, or away from it, while that is not yet right by a margin.
/// </summary>
/// <remarks>
/// The classes do not know of each other; eight are learned side by side because a processor multiplies eight numbers at
/// a time, and a text's features then are looked up once for all of them.
/// </remarks>
internal static class AveragedPerceptron
{
    /// <summary>A text that scores its class by at least this much teaches nothing more.</summary>
    private const float Margin = 1;

    /// <summary>How fast the bias moves against the weights: it meets every text, a weight only its own.</summary>
    private const float BiasStep = 0.1f;

    /// <summary>Trains the block's classes, each against all other classes.</summary>
    /// <param name="matrix">The texts.</param>
    /// <param name="orders">For each epoch the texts to learn from, in the order to visit them.</param>
    /// <param name="labels">The class of each text.</param>
    /// <param name="importance">How much each text counts; 1 is normal.</param>
    /// <param name="block">Which classes.</param>
    /// <param name="cancellation">Gives up, between epochs.</param>
    public static BlockWeights Train(
        FeatureMatrix matrix, int[][] orders, int[] labels, float[] importance, ClassBlock block, CancellationToken cancellation)
    {
        // For each column its weights, and right behind them their lag: one access to memory moves both.
        var state = new float[matrix.Features.Length * 2 * ClassBlock.Size];
        var bias = Vector256<float>.Zero;
        var biasLag = Vector256<float>.Zero;
        var step = 1f;
        foreach (var order in orders)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var text in order)
            {
                var truth = block.Truth(labels[text]);
                var score = matrix.Score(state, 2 * ClassBlock.Size, bias, text);
                var wrong = Vector256.LessThanOrEqual(truth * score, Vector256.Create(Margin)) & block.Used;
                if (wrong != Vector256<float>.Zero)
                {
                    var change = truth * importance[text] & wrong;
                    matrix.Add(state, change, change * step, text);
                    bias += change * BiasStep;
                    biasLag += change * (step * BiasStep);
                }

                step++;
            }
        }

        var weights = new float[state.Length / 2];
        for (var i = 0; i < weights.Length; i += ClassBlock.Size)
        {
            (Vector256.LoadUnsafe(ref state[2 * i]) - (Vector256.LoadUnsafe(ref state[(2 * i) + ClassBlock.Size]) / step)).StoreUnsafe(ref weights[i]);
        }

        return new BlockWeights(block, weights, bias - (biasLag / step));
    }
}
