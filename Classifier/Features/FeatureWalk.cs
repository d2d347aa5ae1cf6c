using System.Runtime.CompilerServices;

namespace TicketAspire.Classifier.Features;

/// <summary>Takes the features of a text as they are found.</summary>
internal interface IFeatureSink
{
    /// <summary>Takes one occurrence.</summary>
    /// <param name="hash">The feature.</param>
    /// <param name="first">The index of the word it was found in.</param>
    /// <param name="second">The index of its other word; the same for a single word.</param>
    void Take(uint hash, int first, int second);
}

/// <summary>
/// Finds the features of a text. Features are hashes (the hashing trick: Weinberger et al., "Feature Hashing for Large
/// Scale Multitask Learning", ICML 2009), 32 bits wide: with half a million features some thirty pairs collide.
/// </summary>
internal static class FeatureWalk
{
    /// <summary>The shortest character n-gram.</summary>
    public const int ShortestGram = 3;

    /// <summary>The longest character n-gram.</summary>
    public const int LongestGram = 5;

    /// <summary>
    /// Characters of a word that n-grams are taken from: what is longer is no word of a language. Not of a single one, though:
    /// Thai, Lao, Khmer and Burmese put spaces between phrases only (128 instead of 40: 0.3 points on Thai messages).
    /// </summary>
    public const int LongestWord = 128;

    private const uint Basis = 2166136261;
    private const uint Prime = 16777619;
    private const uint NeighbourSeed = 0x9E3779B9;
    private const uint GapSeed = 0x7F4A7C15;
    private const uint PairSeed = 0x5BD1E995;
    private const uint GramSeed = 0x85EBCA6B;
    private const char Boundary = '\u0002';

    /// <summary>A number for a word: FNV-1a over its UTF-16 code units.</summary>
    public static uint HashWord(ReadOnlySpan<char> word)
    {
        var hash = Basis;
        foreach (var unit in word)
        {
            hash = (hash ^ unit) * Prime;
        }

        return hash;
    }

    /// <summary>The feature of a single word.</summary>
    public static uint Word(uint word) => Mix(word);

    /// <summary>Hands the words, neighbours and pairs of a text to the sink, in text order.</summary>
    /// <param name="words">The words' <see cref="HashWord"/>.</param>
    /// <param name="reach">How far apart the words of a pair may stand, at least 2; beyond 2 their order does not count.</param>
    /// <param name="sink">Takes the features.</param>
    public static void VisitWords<TSink>(ReadOnlySpan<uint> words, int reach, ref TSink sink)
        where TSink : struct, IFeatureSink
    {
        for (var i = 0; i < words.Length; i++)
        {
            var word = words[i];
            sink.Take(Word(word), i, i);
            if (i > 0)
            {
                sink.Take(Mix((words[i - 1] * Prime) ^ word ^ NeighbourSeed), i - 1, i);
            }

            if (i > 1)
            {
                sink.Take(Mix((words[i - 2] * Prime) ^ word ^ GapSeed), i - 2, i);
            }

            for (var j = i - 3; j >= Math.Max(0, i - reach); j--)
            {
                var other = words[j];
                // A word that comes again says nothing as a pair that it does not say alone.
                if (other != word)
                {
                    sink.Take(Mix((Math.Min(word, other) * Prime) ^ Math.Max(word, other) ^ PairSeed), j, i);
                }
            }
        }
    }

    /// <summary>Hands every character n-gram of one word to the sink.</summary>
    public static void VisitGrams<TSink>(ReadOnlySpan<char> word, ref TSink sink)
        where TSink : struct, IFeatureSink
    {
        Span<char> padded = stackalloc char[LongestWord + 2];
        var length = Math.Min(word.Length, LongestWord);
        padded[0] = Boundary;
        word[..length].CopyTo(padded[1..]);
        padded[length + 1] = Boundary;
        VisitPadded(padded[..(length + 2)], ref sink);
    }

    private static void VisitPadded<TSink>(ReadOnlySpan<char> word, ref TSink sink)
        where TSink : struct, IFeatureSink
    {
        for (var start = 0; start + ShortestGram <= word.Length; start++)
        {
            var hash = Basis ^ GramSeed;
            var end = Math.Min(word.Length, start + LongestGram);
            for (var i = start; i < end; i++)
            {
                hash = (hash ^ word[i]) * Prime;
                if (i - start + 1 >= ShortestGram)
                {
                    sink.Take(Mix(hash), 0, 0);
                }
            }
        }
    }

    // The finaliser of MurmurHash3 (Appleby, public domain): spreads every bit over all.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Mix(uint hash)
    {
        hash ^= hash >> 16;
        hash *= 0x85EBCA6B;
        hash ^= hash >> 13;
        hash *= 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }
}
