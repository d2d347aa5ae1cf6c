using System.Runtime.CompilerServices;
using TicketAspire.Classifier.Text;

namespace TicketAspire.Classifier.Features;

/// <summary>Two ways to look at a text; each is normalised to unit length on its own.</summary>
internal enum FeatureView
{
    /// <summary>Words, pairs of neighbours, and pairs with one word between them.</summary>
    Words,

    /// <summary>Character n-grams within words, word boundaries included: they bear typos and inflections.</summary>
    Characters,
}

/// <summary>Takes the features of a text as they are found.</summary>
internal interface IFeatureSink
{
    /// <summary>Takes one occurrence.</summary>
    /// <param name="view">Which view it belongs to.</param>
    /// <param name="hash">The feature.</param>
    /// <param name="first">The index of the word it was found in.</param>
    /// <param name="second">The index of its other word; the same for a single word.</param>
    void Take(FeatureView view, uint hash, int first, int second);
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

    /// <summary>Characters of a word that n-grams are taken from: what is longer is no word of a language.</summary>
    private const int LongestWord = 40;

    private const uint Basis = 2166136261;
    private const uint Prime = 16777619;
    private const uint BigramSeed = 0x9E3779B9;
    private const uint SkipSeed = 0x7F4A7C15;
    private const uint GramSeed = 0x85EBCA6B;
    private const char Boundary = '\u0002';

    /// <summary>Hands every feature of the words to the sink, in text order.</summary>
    public static void Visit<TSink>(TokenBuffer buffer, FeatureView view, ref TSink sink)
        where TSink : struct, IFeatureSink
    {
        if (view == FeatureView.Words)
        {
            VisitWords(buffer, ref sink);
        }
        else
        {
            VisitCharacters(buffer, ref sink);
        }
    }

    /// <summary>Hands every character n-gram of one word to the sink.</summary>
    public static void VisitGrams<TSink>(ReadOnlySpan<char> word, int index, ref TSink sink)
        where TSink : struct, IFeatureSink
    {
        Span<char> padded = stackalloc char[LongestWord + 2];
        var length = Math.Min(word.Length, LongestWord);
        padded[0] = Boundary;
        word[..length].CopyTo(padded[1..]);
        padded[length + 1] = Boundary;
        VisitPadded(padded[..(length + 2)], index, ref sink);
    }

    private static void VisitWords<TSink>(TokenBuffer buffer, ref TSink sink)
        where TSink : struct, IFeatureSink
    {
        uint before = 0;
        uint beforeThat = 0;
        var index = 0;
        foreach (var token in buffer.Tokens)
        {
            var word = HashWord(buffer[token]);
            sink.Take(FeatureView.Words, Mix(word), index, index);
            if (index > 0)
            {
                sink.Take(FeatureView.Words, Mix((before * Prime) ^ word ^ BigramSeed), index - 1, index);
            }

            if (index > 1)
            {
                sink.Take(FeatureView.Words, Mix((beforeThat * Prime) ^ word ^ SkipSeed), index - 2, index);
            }

            beforeThat = before;
            before = word;
            index++;
        }
    }

    private static void VisitCharacters<TSink>(TokenBuffer buffer, ref TSink sink)
        where TSink : struct, IFeatureSink
    {
        var index = 0;
        foreach (var token in buffer.Tokens)
        {
            VisitGrams(buffer[token], index++, ref sink);
        }
    }

    private static void VisitPadded<TSink>(ReadOnlySpan<char> word, int index, ref TSink sink)
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
                    sink.Take(FeatureView.Characters, Mix(hash), index, index);
                }
            }
        }
    }

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
