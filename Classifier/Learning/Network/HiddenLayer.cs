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
        Biases.CopyTo(units);
        ref var weights = ref MemoryMarshal.GetArrayDataReference(Weights);
        ref var unit = ref MemoryMarshal.GetReference(units);
        for (var i = 0; i < features.Length; i++)
        {
            Vectors.AddScaled(ref unit, values[i], ref System.Runtime.CompilerServices.Unsafe.Add(ref weights, features[i] * _units), _units);
        }

        for (var i = 0; i < units.Length; i += Vectors.Size)
        {
            Vectors.Store(Vector256.Max(Vectors.Load(ref unit, i), Vector256<float>.Zero), ref unit, i);
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
            Vectors.AddScaled(ref System.Runtime.CompilerServices.Unsafe.Add(ref weights, row * _units), step, ref change, _units);
        }
    }
}
