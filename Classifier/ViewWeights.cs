using TicketAspire.Classifier.Features;

namespace TicketAspire.Classifier;

/// <summary>
/// The weights of one view: for each known feature what one unit of it adds to every class's score. A row's weights are
/// bytes with a common scale, so that a row of eight classes is eight bytes: one cache line of memory for a feature.
/// </summary>
internal sealed class ViewWeights
{
    private readonly FeatureTable _table;

    public ViewWeights(FeatureView view, uint[] features, sbyte[] weights, float[] scales)
    {
        View = view;
        Weights = weights;
        Scales = scales;
        _table = new FeatureTable(features);
    }

    public FeatureView View { get; }

    /// <summary>The known features, ascending; row i belongs to the i-th.</summary>
    public uint[] Features => _table.Keys;

    /// <summary>Row by row, a byte for each class.</summary>
    public sbyte[] Weights { get; }

    /// <summary>For each row what its bytes are multiplied by.</summary>
    public float[] Scales { get; }

    /// <summary>The row of a feature, or -1.</summary>
    public int Find(uint feature) => _table.Find(feature);

    /// <summary>Adds <paramref name="value"/> units of a row to the scores.</summary>
    public void Add(int row, float value, Span<float> scores)
    {
        var factor = value * Scales[row];
        var weights = Weights.AsSpan(row * scores.Length, scores.Length);
        for (var k = 0; k < scores.Length; k++)
        {
            scores[k] += factor * weights[k];
        }
    }

    /// <summary>What one unit of a row adds to one class.</summary>
    public float Of(int row, int label, int labels) => Scales[row] * Weights[(row * labels) + label];

    /// <summary>Rounds rows of real weights to bytes.</summary>
    /// <param name="view">The view.</param>
    /// <param name="features">The feature of each row, ascending.</param>
    /// <param name="rows">For each row the weights by class.</param>
    public static ViewWeights Quantize(FeatureView view, uint[] features, float[][] rows)
    {
        var labels = rows.Length == 0 ? 0 : rows[0].Length;
        var weights = new sbyte[rows.Length * labels];
        var scales = new float[rows.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            var largest = 0f;
            foreach (var weight in rows[row])
            {
                largest = Math.Max(largest, Math.Abs(weight));
            }

            scales[row] = largest / sbyte.MaxValue;
            for (var k = 0; k < labels && largest > 0; k++)
            {
                weights[(row * labels) + k] = (sbyte)MathF.Round(rows[row][k] / scales[row]);
            }
        }

        return new ViewWeights(view, features, weights, scales);
    }
}
