using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

using TicketAspire.Classifier.Model;

namespace TicketAspire.Classifier.Learning.Network;

/// <summary>Turns units into a score for each class.</summary>
internal sealed class OutputLayer
{
    private readonly int _classes;
    private readonly float[] _rowSquares;
    private readonly float[] _biasSquares;

    public OutputLayer(NetworkShape shape, Random random)
    {
        _classes = shape.Classes;
        Stride = ByteRows.Stride(shape.Classes);
        Weights = new float[shape.Units * Stride];
        Biases = new float[Stride];
        _rowSquares = Vectors.Squares(shape.Units);
        _biasSquares = Vectors.Squares(Stride);
        for (var unit = 0; unit < shape.Units; unit++)
        {
            // A filter's answers are large from the start, a hidden unit's small.
            var limit = unit < NetworkShape.Filters ? 0.1 : Math.Sqrt(3.0 / shape.Hidden);
            Vectors.Random(random, _classes, limit).CopyTo(Weights, unit * Stride);
        }
    }

    /// <summary>The length of a row: the classes, filled up to a multiple of eight.</summary>
    public int Stride { get; }

    /// <summary>For each unit a row of weights.</summary>
    public float[] Weights { get; }

    /// <summary>A class's score where no unit is active.</summary>
    public float[] Biases { get; }

    /// <summary>Computes the scores.</summary>
    public void Forward(ReadOnlySpan<float> units, Span<float> scores)
    {
        Biases.CopyTo(scores);
        ref var weights = ref MemoryMarshal.GetArrayDataReference(Weights);
        ref var score = ref MemoryMarshal.GetReference(scores);
        for (var unit = 0; unit < units.Length; unit++)
        {
            if (units[unit] != 0)
            {
                Vectors.AddScaled(ref score, units[unit], ref Unsafe.Add(ref weights, unit * Stride), Stride);
            }
        }
    }

    /// <summary>Moves the weights against the gradient, with one Adagrad step size for each row, and says what the units should have been.</summary>
    /// <param name="units">The units.</param>
    /// <param name="error">The loss's derivative by each score.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="gradient">Receives the loss's derivative by each unit; 0 for those that are 0.</param>
    public void Learn(ReadOnlySpan<float> units, ReadOnlySpan<float> error, float rate, Span<float> gradient)
    {
        var squares = Vectors.Squares(error) / _classes;
        ref var weights = ref MemoryMarshal.GetArrayDataReference(Weights);
        ref var derivative = ref MemoryMarshal.GetReference(error);
        for (var unit = 0; unit < units.Length; unit++)
        {
            if (units[unit] == 0)
            {
                gradient[unit] = 0;
                continue;
            }

            ref var row = ref Unsafe.Add(ref weights, unit * Stride);
            _rowSquares[unit] += units[unit] * units[unit] * squares;
            var step = Vector256.Create(-rate * units[unit] / MathF.Sqrt(_rowSquares[unit]));
            var sum = Vector256<float>.Zero;
            for (var k = 0; k < Stride; k += Vectors.Size)
            {
                var part = Vectors.Load(ref derivative, k);
                var weight = Vectors.Load(ref row, k);
                sum = Vector256.FusedMultiplyAdd(part, weight, sum);
                Vectors.Store(Vector256.FusedMultiplyAdd(part, step, weight), ref row, k);
            }

            gradient[unit] = Vectors.Sum(sum);
        }

        for (var k = 0; k < _classes; k++)
        {
            _biasSquares[k] += error[k] * error[k];
            Biases[k] -= rate * error[k] / MathF.Sqrt(_biasSquares[k]);
        }
    }
}
