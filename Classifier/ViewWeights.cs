using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TicketAspire.Classifier.Features;

namespace TicketAspire.Classifier;

/// <summary>
/// The weights of one view: for each known feature what one unit of it adds to every class's score. A row's weights are
/// bytes with a common scale, so that a row of eight classes is eight bytes: one cache line of memory for a feature. Rows are filled up to a
/// multiple of eight classes, which are added at a time.
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
        Words = new WordRows(_table);
    }

    public FeatureView View { get; }

    /// <summary>The known features, ascending; row i belongs to the i-th.</summary>
    public uint[] Features => _table.Keys;

    /// <summary>Row by row, a byte for each class, and zeros up to <see cref="Stride"/>.</summary>
    public sbyte[] Weights { get; }

    /// <summary>For each row what its bytes are multiplied by.</summary>
    public float[] Scales { get; }

    /// <summary>The rows of a word's n-grams, in the characters' view.</summary>
    public WordRows Words { get; }

    /// <summary>The row of a feature, or -1.</summary>
    public int Find(uint feature) => _table.Find(feature);

    /// <summary>The length of a row with so many labels.</summary>
    public static int Stride(int labels) => (labels + 7) & ~7;

    /// <summary>What a row takes in a model file: its feature, its scale and its weights.</summary>
    public static int RowBytes(int labels) => sizeof(uint) + sizeof(float) + Stride(labels);

    /// <summary>Adds rows, each as often as its value says, to the scores.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="values">A value for each.</param>
    /// <param name="scale">What all values are multiplied by.</param>
    /// <param name="scores">As long as a row.</param>
    public void Add(ReadOnlySpan<int> rows, ReadOnlySpan<float> values, float scale, Span<float> scores)
    {
        ref var weights = ref MemoryMarshal.GetArrayDataReference(Weights);
        ref var score = ref MemoryMarshal.GetReference(scores);
        for (var k = 0; k < scores.Length; k += Vector256<float>.Count)
        {
            var sum = Vector256.LoadUnsafe(ref score, (nuint)k);
            for (var i = 0; i < rows.Length; i++)
            {
                var row = rows[i];
                sum += Vector256.Create(values[i] * scale * Scales[row]) * EightWeights(ref weights, (row * scores.Length) + k);
            }

            sum.StoreUnsafe(ref score, (nuint)k);
        }
    }

    /// <summary>What one unit of a row adds to one class.</summary>
    public float Of(int row, int label, int labels) => Scales[row] * Weights[(row * Stride(labels)) + label];

    private static Vector256<float> EightWeights(ref sbyte weights, int offset)
    {
        var bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<long>(ref Unsafe.As<sbyte, byte>(ref Unsafe.Add(ref weights, offset)))).AsSByte();
        var (low, high) = Vector128.Widen(Vector128.WidenLower(bytes));
        return Vector256.ConvertToSingle(Vector256.Create(low, high));
    }

    /// <summary>Rounds rows of real weights to bytes.</summary>
    /// <param name="view">The view.</param>
    /// <param name="features">The feature of each row, ascending.</param>
    /// <param name="rows">For each row the weights by class.</param>
    public static ViewWeights Quantize(FeatureView view, uint[] features, float[][] rows)
    {
        var labels = rows.Length == 0 ? 0 : rows[0].Length;
        var stride = Stride(labels);
        var weights = new sbyte[rows.Length * stride];
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
                weights[(row * stride) + k] = (sbyte)MathF.Round(rows[row][k] / scales[row]);
            }
        }

        return new ViewWeights(view, features, weights, scales);
    }
}
