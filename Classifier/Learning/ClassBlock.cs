using System.Runtime.Intrinsics;

namespace TicketAspire.Classifier.Learning;

/// <summary>Up to eight neighbouring classes that are learned side by side.</summary>
/// <param name="First">The number of the first class.</param>
/// <param name="Count">How many there are.</param>
internal readonly record struct ClassBlock(int First, int Count)
{
    /// <summary>The most classes in a block: single-precision numbers in 256 bits.</summary>
    public const int Size = 8;

    /// <summary>All bits set in the places that stand for a class.</summary>
    public Vector256<float> Used =>
        Vector256.LessThan(Vector256.CreateSequence(0f, 1f), Vector256.Create((float)Count));

    /// <summary>The blocks that hold so many classes.</summary>
    public static ClassBlock[] Of(int classes) =>
        [.. Enumerable.Range(0, (classes + Size - 1) / Size)
            .Select(block => new ClassBlock(block * Size, Math.Min(Size, classes - (block * Size))))];

    /// <summary>1 in the place of this class, -1 in all others.</summary>
    public Vector256<float> Truth(int label) =>
        Vector256.ConditionalSelect(
            Vector256.Equals(Vector256.CreateSequence(0f, 1f), Vector256.Create((float)(label - First))),
            Vector256.Create(1f),
            Vector256.Create(-1f));
}
