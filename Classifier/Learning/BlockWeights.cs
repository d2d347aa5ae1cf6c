using System.Runtime.Intrinsics;
using TicketAspire.Classifier.Features;

namespace TicketAspire.Classifier.Learning;

/// <summary>What was learned of a block of classes in one view.</summary>
/// <param name="Block">Which classes.</param>
/// <param name="Weights">For each column of the matrix eight weights, one for each class of the block.</param>
/// <param name="Bias">Added to every text's scores.</param>
internal sealed record BlockWeights(ClassBlock Block, float[] Weights, Vector256<float> Bias)
{
    /// <summary>The scores of one text for the block's classes.</summary>
    public Vector256<float> Score(FeatureMatrix matrix, int text) => matrix.Score(Weights, ClassBlock.Size, Bias, text);

    /// <summary>Adds these weights, divided by <paramref name="parts"/>, to a sum.</summary>
    public BlockWeights AddTo(BlockWeights? sum, int parts)
    {
        var total = sum?.Weights ?? new float[Weights.Length];
        for (var i = 0; i < total.Length; i++)
        {
            total[i] += Weights[i] / parts;
        }

        return new BlockWeights(Block, total, (sum?.Bias ?? Vector256<float>.Zero) + (Bias / parts));
    }
}
