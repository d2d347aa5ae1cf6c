using TicketAspire.Classifier.Text;

namespace TicketAspire.Classifier.Learning;

/// <summary>Cuts the texts into parts by a hash of their words, so that copies of a text are in the same part.</summary>
internal static class Folds
{
    /// <summary>The part of what is in no part: it is learned from always, and never asked about.</summary>
    public const int None = -1;

    /// <summary>Each text's <see cref="NormalizedText.Hash"/>.</summary>
    public static ulong[] Hashes(IReadOnlyList<string> texts, ParallelOptions parallel)
    {
        var hashes = new ulong[texts.Count];
        Parallel.For(0, hashes.Length, parallel, i => hashes[i] = NormalizedText.Hash(texts[i]));
        return hashes;
    }

    /// <summary>The part of each text, 0 to <paramref name="folds"/> - 1; <see cref="None"/> for those after the first <paramref name="asked"/>.</summary>
    public static int[] Of(ulong[] hashes, int folds, int asked) =>
        [.. hashes.Select((hash, text) => text < asked ? (int)(hash % (ulong)folds) : None)];
}
