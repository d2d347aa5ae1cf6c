using TicketAspire.Classifier.Features;

namespace TicketAspire.Classifier.Learning;

/// <summary>
/// Multiplies the stacking into the views' weights, so that a model is one table look-up for each feature, and keeps the
/// rows that matter most when a model with many labels would grow too large.
/// </summary>
internal static class ModelFolding
{
    /// <summary>The weights of all rows take no more than this many bytes.</summary>
    private const int WeightBytes = 11_000_000;

    /// <summary>Makes the model.</summary>
    public static TextClassifier Fold(
        string[] labels, FeatureMatrix[] matrices, CrossFitted learned, Stacking stacking, int threads)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        var rows = new float[matrices.Length][][];
        for (var view = 0; view < matrices.Length; view++)
        {
            var folded = rows[view] = new float[matrices[view].Features.Length][];
            var v = view;
            Parallel.For(0, folded.Length, parallel, row =>
                folded[row] = Centred(Combine(j => learned.Weight(v, row, j) * matrices[v].Rarity[row], labels.Length, stacking, v)));
        }

        var biases = new float[labels.Length];
        for (var k = 0; k < biases.Length; k++)
        {
            biases[k] = (float)stacking.Bias(k);
        }

        for (var view = 0; view < matrices.Length; view++)
        {
            var v = view;
            var added = Combine(j => learned.Bias(v, j), labels.Length, stacking, v);
            for (var k = 0; k < biases.Length; k++)
            {
                biases[k] += added[k];
            }
        }

        var least = LeastStrength(rows, WeightBytes / ViewWeights.RowBytes(labels.Length));
        var views = matrices.Select((matrix, view) => Keep(matrix, rows[view], least)).ToArray();
        return new TextClassifier(labels, Centred(biases), views);
    }

    private static float[] Combine(Func<int, float> own, int labels, Stacking stacking, int view)
    {
        var combined = new float[labels];
        var full = labels <= Stacking.FullMatrixClasses;
        for (var k = 0; k < labels; k++)
        {
            var sum = full ? 0.0 : stacking.Factor(view, k, k) * own(k);
            for (var j = 0; full && j < labels; j++)
            {
                sum += stacking.Factor(view, k, j) * own(j);
            }

            combined[k] = (float)sum;
        }

        return combined;
    }

    // Adding the same to every label's score changes no confidence; with mean 0 a weight is for or against the label.
    private static float[] Centred(float[] scores)
    {
        var mean = scores.Average();
        for (var k = 0; k < scores.Length; k++)
        {
            scores[k] -= mean;
        }

        return scores;
    }

    private static float LeastStrength(float[][][] rows, int most)
    {
        if (rows.Sum(view => view.Length) <= most)
        {
            return 0;
        }

        var strengths = rows.SelectMany(view => view).Select(Strength).ToArray();
        Array.Sort(strengths);
        return strengths[strengths.Length - most];
    }

    private static float Strength(float[] row) => row.Max() - row.Min();

    private static ViewWeights Keep(FeatureMatrix matrix, float[][] rows, float least)
    {
        var kept = Enumerable.Range(0, rows.Length).Where(row => Strength(rows[row]) is var strength && strength > 0 && strength >= least).ToArray();
        return ViewWeights.Quantize(
            matrix.View, kept.Select(row => matrix.Features[row]).ToArray(), kept.Select(row => rows[row]).ToArray());
    }
}
