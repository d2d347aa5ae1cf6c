using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TicketAspire.Classifier.Learning;

/// <summary>The loop that the fitting spends its time in.</summary>
internal static class VectorSum
{
    /// <summary>Adds a multiple of one vector to another of the same length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddScaled(ref double to, double factor, ref double vector, int length)
    {
        var factors = Vector256.Create(factor);
        var i = 0;
        for (; i + Vector256<double>.Count <= length; i += Vector256<double>.Count)
        {
            (Vector256.LoadUnsafe(ref to, (nuint)i) + (factors * Vector256.LoadUnsafe(ref vector, (nuint)i)))
                .StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < length; i++)
        {
            Unsafe.Add(ref to, i) += factor * Unsafe.Add(ref vector, i);
        }
    }
}
