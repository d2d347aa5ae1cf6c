using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TicketAspire.Classifier.Learning;

/// <summary>Turns scores into probabilities.</summary>
internal static class Softmax
{
    /// <summary>Replaces scores by probabilities that add up to 1.</summary>
    public static void InPlace(Span<double> scores)
    {
        var highest = double.NegativeInfinity;
        foreach (var score in scores)
        {
            highest = Math.Max(highest, score);
        }

        ref var start = ref MemoryMarshal.GetReference(scores);
        var i = 0;
        for (; i + Vector256<double>.Count <= scores.Length; i += Vector256<double>.Count)
        {
            Vector256.Exp(Vector256.LoadUnsafe(ref start, (nuint)i) - Vector256.Create(highest)).StoreUnsafe(ref start, (nuint)i);
        }

        for (; i < scores.Length; i++)
        {
            scores[i] = Math.Exp(scores[i] - highest);
        }

        var sum = 0.0;
        foreach (var score in scores)
        {
            sum += score;
        }

        for (i = 0; i < scores.Length; i++)
        {
            scores[i] /= sum;
        }
    }
}
