using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TicketAspire.Classifier.Learning.Network;

/// <summary>
/// Arithmetic on eight numbers at a time. Multiply-adds are fused everywhere, in software where the processor can't, so that
/// results do not differ from machine to machine.
/// </summary>
internal static class Vectors
{
    /// <summary>Eight single-precision numbers.</summary>
    public const int Size = 8;

    /// <summary>Where steps begin: a sum of squared gradients that keeps the first step finite.</summary>
    public const float Beginning = 1e-6f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(ref float start, int offset) => Vector256.LoadUnsafe(ref start, (nuint)offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> value, ref float start, int offset) => value.StoreUnsafe(ref start, (nuint)offset);

    /// <summary>Adds a multiple of one vector to another; both are of the same length, a multiple of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddScaled(ref float to, float factor, ref float vector, int length)
    {
        var factors = Vector256.Create(factor);
        for (var i = 0; i < length; i += Size)
        {
            Store(Vector256.FusedMultiplyAdd(factors, Load(ref vector, i), Load(ref to, i)), ref to, i);
        }
    }

    /// <summary>The sum of eight numbers, always added in the same order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<float> vector)
    {
        var four = vector.GetLower() + vector.GetUpper();
        return four[0] + four[2] + (four[1] + four[3]);
    }

    /// <summary>The sum of squares of a vector whose length is a multiple of eight.</summary>
    public static float Squares(ReadOnlySpan<float> vector)
    {
        ref var start = ref MemoryMarshal.GetReference(vector);
        var sum = Vector256<float>.Zero;
        for (var i = 0; i < vector.Length; i += Size)
        {
            var part = Load(ref start, i);
            sum = Vector256.FusedMultiplyAdd(part, part, sum);
        }

        return Sum(sum);
    }

    /// <summary>Numbers drawn evenly from between plus and minus a limit.</summary>
    public static float[] Random(Random random, int count, double limit)
    {
        var numbers = new float[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = (float)(((random.NextSingle() * 2) - 1) * limit);
        }

        return numbers;
    }

    /// <summary>Sums of squared gradients, at their beginning.</summary>
    public static float[] Squares(int count)
    {
        var squares = new float[count];
        Array.Fill(squares, Beginning);
        return squares;
    }
}
