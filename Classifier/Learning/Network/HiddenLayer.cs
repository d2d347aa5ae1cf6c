using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TicketAspire.Classifier.Learning.Network;

/// <summary>
/// Hidden units fed by the features of a text: each feature has a row of weights, a text's rows are added up, and what is
/// negative counts as 0. Where two features together mean something else than each alone, a unit can say so.
/// </summary>
internal sealed class HiddenLayer
{
    /// <summary>First weights are drawn from between plus and minus this.</summary>
    private const double Limit = 0.1;

    private readonly int _units;
    private readonly float[] _rowSquares;
    private readonly float[] _biasSquares;

    public HiddenLayer(int features, int units, Random random)
    {
        _units = units;
        Weights = Vectors.Random(random, features * units, Limit);
        Biases = new float[units];
        _rowSquares = Vectors.Squares(features);
        _biasSquares = Vectors.Squares(units);
    }

    /// <summary>Row by row.</summary>
    public float[] Weights { get; }

    /// <summary>Added to every text's units.</summary>
    public float[] Biases { get; }

    /// <summary>Computes the units of a text.</summary>
    public void Forward(ReadOnlySpan<int> features, ReadOnlySpan<float> values, Span<float> units)
    {
        const int Block = 8 * Vectors.Size;
        var first = 0;
        for (; first + Block <= _units; first += Block)
        {
            SumBlock(features, values, first, units);
        }

        for (; first < _units; first += Vectors.Size)
        {
            var sum = Vectors.Load(ref Biases[0], first);
            for (var i = 0; i < features.Length; i++)
            {
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(values[i]), Vectors.Load(ref Weights[features[i] * _units], first), sum);
            }

            Vectors.Store(Vector256.Max(sum, Vector256<float>.Zero), ref units[0], first);
        }
    }

    /// <summary>Moves the weights against the gradient: Adagrad (Duchi, Hazan and Singer, JMLR 12, 2011), one step size for each row.</summary>
    /// <param name="features">The features of the text.</param>
    /// <param name="values">Their values.</param>
    /// <param name="gradient">The loss's derivative by each unit before the negative was cut off; 0 for those that were cut off.</param>
    /// <param name="rate">The learning rate.</param>
    public void Learn(ReadOnlySpan<int> features, ReadOnlySpan<float> values, ReadOnlySpan<float> gradient, float rate)
    {
        var squares = Vectors.Squares(gradient);
        if (squares == 0)
        {
            return;
        }

        for (var unit = 0; unit < _units; unit++)
        {
            _biasSquares[unit] += gradient[unit] * gradient[unit];
            Biases[unit] -= rate * gradient[unit] / MathF.Sqrt(_biasSquares[unit]);
        }

        squares /= _units;
        ref var weights = ref MemoryMarshal.GetArrayDataReference(Weights);
        ref var change = ref MemoryMarshal.GetReference(gradient);
        for (var i = 0; i < features.Length; i++)
        {
            var row = features[i];
            _rowSquares[row] += squares * values[i] * values[i];
            var step = -rate * values[i] / MathF.Sqrt(_rowSquares[row]);
            Vectors.AddScaled(ref Unsafe.Add(ref weights, row * _units), step, ref change, _units);
        }
    }

    // The sums of so many units stay in registers while the features go by.
    private void SumBlock(ReadOnlySpan<int> features, ReadOnlySpan<float> values, int first, Span<float> units)
    {
        ref var bias = ref Biases[first];
        var (a, b, c, d) = (Vectors.Load(ref bias, 0), Vectors.Load(ref bias, 8), Vectors.Load(ref bias, 16), Vectors.Load(ref bias, 24));
        var (e, f, g, h) = (Vectors.Load(ref bias, 32), Vectors.Load(ref bias, 40), Vectors.Load(ref bias, 48), Vectors.Load(ref bias, 56));
        ref var weights = ref Weights[first];
        for (var i = 0; i < features.Length; i++)
        {
            ref var row = ref Unsafe.Add(ref weights, features[i] * _units);
            var x = Vector256.Create(values[i]);
            a = Vector256.FusedMultiplyAdd(x, Vectors.Load(ref row, 0), a);
            b = Vector256.FusedMultiplyAdd(x, Vectors.Load(ref row, 8), b);
            c = Vector256.FusedMultiplyAdd(x, Vectors.Load(ref row, 16), c);
            d = Vector256.FusedMultiplyAdd(x, Vectors.Load(ref row, 24), d);
            e = Vector256.FusedMultiplyAdd(x, Vectors.Load(ref row, 32), e);
            f = Vector256.FusedMultiplyAdd(x, Vectors.Load(ref row, 40), f);
            g = Vector256.FusedMultiplyAdd(x, Vectors.Load(ref row, 48), g);
            h = Vector256.FusedMultiplyAdd(x, Vectors.Load(ref row, 56), h);
        }

        ref var unit = ref units[first];
        Vectors.Store(Vector256.Max(a, Vector256<float>.Zero), ref unit, 0);
        Vectors.Store(Vector256.Max(b, Vector256<float>.Zero), ref unit, 8);
        Vectors.Store(Vector256.Max(c, Vector256<float>.Zero), ref unit, 16);
        Vectors.Store(Vector256.Max(d, Vector256<float>.Zero), ref unit, 24);
        Vectors.Store(Vector256.Max(e, Vector256<float>.Zero), ref unit, 32);
        Vectors.Store(Vector256.Max(f, Vector256<float>.Zero), ref unit, 40);
        Vectors.Store(Vector256.Max(g, Vector256<float>.Zero), ref unit, 48);
        Vectors.Store(Vector256.Max(h, Vector256<float>.Zero), ref unit, 56);
    }
}
