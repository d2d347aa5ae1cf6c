using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TicketAspire.Classifier.Learning;

/// <summary>The loop that the fitting spends its time in.</summary>
internal static class VectorSum
{
    /// <summary>Adds a multiple of one vector to another of the same length.</summary>
    public static void AddScaled(Span<double> to, double factor, ReadOnlySpan<double> vector)
    {
        ref var target = ref MemoryMarshal.GetReference(to);
        ref var source = ref MemoryMarshal.GetReference(vector[..to.Length]);
        var factors = Vector256.Create(factor);
        var i = 0;
        for (; i + Vector256<double>.Count <= to.Length; i += Vector256<double>.Count)
        {
            (Vector256.LoadUnsafe(ref target, (nuint)i) + (factors * Vector256.LoadUnsafe(ref source, (nuint)i)))
                .StoreUnsafe(ref target, (nuint)i);
        }

        for (; i < to.Length; i++)
        {
            to[i] += factor * vector[i];
        }
    }
}
