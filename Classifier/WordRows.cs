using TicketAspire.Classifier.Features;

namespace TicketAspire.Classifier;

/// <summary>
/// Remembers which rows the n-grams of a word belong to. Texts are made of the same few thousand words again and again, and
/// a look at a remembered word is far cheaper than hashing and finding its n-grams. What is remembered is bounded: each
/// word has one place, and a word that is used gives it up to no other. Any thread may read and replace.
/// </summary>
internal sealed class WordRows(FeatureTable table)
{
    /// <summary>How many words are remembered at most; a power of two.</summary>
    private const int Places = 1 << 14;

    /// <summary>Longer words are rare and no words of a language: not worth a place.</summary>
    private const int LongestWord = 32;

    private readonly Entry?[] _entries = new Entry?[Places];

    /// <summary>What is remembered of a word.</summary>
    /// <param name="word">The word, normalised.</param>
    /// <param name="rows">The rows of its known n-grams; one that is in the word twice is there twice.</param>
    /// <param name="unknown">How many of its n-grams have no row.</param>
    /// <returns>False if another word has the place: then the n-grams must be visited.</returns>
    public bool TryGet(ReadOnlySpan<char> word, out ReadOnlySpan<int> rows, out int unknown)
    {
        rows = default;
        unknown = 0;
        if (word.Length > LongestWord)
        {
            return false;
        }

        ref var place = ref _entries[FeatureWalk.HashWord(word) & (Places - 1)];
        var entry = Volatile.Read(ref place);
        if (entry is null || (!word.SequenceEqual(entry.Word) && entry.GivesUp()))
        {
            entry = Find(word);
            Volatile.Write(ref place, entry);
        }
        else if (!word.SequenceEqual(entry.Word))
        {
            return false;
        }

        entry.Use();
        rows = entry.Rows;
        unknown = entry.Unknown;
        return true;
    }

    private Entry Find(ReadOnlySpan<char> word)
    {
        var finding = new Finding(table, []);
        FeatureWalk.VisitGrams(word, 0, ref finding);
        return new Entry(word.ToString(), [.. finding.Rows], finding.Unknown);
    }

    /// <summary>
    /// A word's rows never change; how much it is used does. Counted without locks: a count lost now and then only moves
    /// the moment at which a place is given up.
    /// </summary>
    private sealed class Entry(string word, int[] rows, int unknown)
    {
        private const int Most = 64;
        private int _uses;

        public string Word { get; } = word;

        public int[] Rows { get; } = rows;

        public int Unknown { get; } = unknown;

        public void Use()
        {
            // Words in steady use are not written to: threads share their memory.
            if (_uses < Most)
            {
                _uses += 2;
            }
        }

        /// <summary>Another word wants the place: it gets it when it has asked often enough between uses.</summary>
        public bool GivesUp() => --_uses < 0;
    }

    private struct Finding(FeatureTable table, List<int> rows) : IFeatureSink
    {
        public readonly List<int> Rows => rows;

        public int Unknown { get; private set; }

        public void Take(FeatureView view, uint hash, int first, int second)
        {
            if (table.Find(hash) is >= 0 and var row)
            {
                rows.Add(row);
            }
            else
            {
                Unknown++;
            }
        }
    }
}
