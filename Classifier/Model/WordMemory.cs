using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Learning.Network;

namespace TicketAspire.Classifier.Model;

/// <summary>
/// Remembers what depends on a word alone: what its n-grams add up to, and what it adds to the filters' answers. Texts are
/// made of the same few thousand words again and again, and a look at a remembered word is far cheaper than computing this
/// anew. What is remembered is bounded: each word has one place, a word that is used gives it up to no other, and after a few
/// changes it is settled, so that a model that has served for a while allocates nothing. Any thread may read and replace.
/// </summary>
internal sealed class WordMemory
{
    /// <summary>How many words are remembered at most; a power of two. They cover nearly all of what is written.</summary>
    private const int Places = 1 << 13;

    /// <summary>Longer words are rare and no words of a language: not worth a place.</summary>
    private const int LongestWord = 32;

    private readonly WordParts?[] _parts = new WordParts?[Places];
    private readonly ViewWeights? _words;
    private readonly ViewWeights? _characters;
    private readonly NetworkWeights? _network;
    private readonly int _length;

    /// <summary>Remembers for a model with these weights.</summary>
    /// <param name="labels">How many labels.</param>
    /// <param name="words">The words' view, if there is one.</param>
    /// <param name="characters">The characters' view, if there is one.</param>
    /// <param name="network">The network, if there is one.</param>
    public WordMemory(int labels, ViewWeights? words, ViewWeights? characters, NetworkWeights? network)
    {
        _words = words;
        _characters = characters;
        _network = network;
        HiddenAt = ByteRows.Stride(labels);
        FiltersAt = HiddenAt + (network?.Hidden ?? 0);
        _length = FiltersAt + (network is null ? 0 : NetworkShape.Width * NetworkShape.Filters);
    }

    /// <summary>Where in <see cref="WordParts.Values"/> that what is added to the hidden units begins; before it is what is added to the scores.</summary>
    public int HiddenAt { get; }

    /// <summary>Where that what is added to the filters' answers begins.</summary>
    public int FiltersAt { get; }

    /// <summary>What a word adds.</summary>
    /// <param name="word">The word, normalised.</param>
    /// <param name="hash">Its <see cref="FeatureWalk.Word"/>.</param>
    /// <param name="spare">Filled and returned if another word has the place.</param>
    public WordParts Get(ReadOnlySpan<char> word, uint hash, WordParts spare)
    {
        if (word.Length > LongestWord)
        {
            Fill(spare, word, hash);
            return spare;
        }

        ref var place = ref _parts[hash & (Places - 1)];
        var parts = Volatile.Read(ref place);
        if (parts is not null && word.SequenceEqual(parts.Word))
        {
            parts.Use();
            return parts;
        }

        if (parts is null || parts.GivesUp())
        {
            parts = new WordParts { Word = word.ToString(), Changes = (parts?.Changes ?? 0) + 1 };
            Fill(parts, word, hash);
            parts.Use();
            Volatile.Write(ref place, parts);
            return parts;
        }

        Fill(spare, word, hash);
        return spare;
    }

    private void Fill(WordParts parts, ReadOnlySpan<char> word, uint hash)
    {
        if (parts.Values.Length < _length)
        {
            parts.Values = new float[_length];
        }

        parts.Values.AsSpan(0, _length).Clear();
        parts.Known = _words is null || _words.Find(hash) >= 0;
        if (_characters is not null)
        {
            var adding = new Adding(_characters, parts.Values, HiddenAt);
            FeatureWalk.VisitGrams(word, ref adding);
            parts.Grams = adding.Grams;
        }

        _network?.Project(hash, parts.Values.AsSpan(FiltersAt, NetworkShape.Width * NetworkShape.Filters));
    }

    private struct Adding(ViewWeights weights, float[] values, int hiddenAt) : IFeatureSink
    {
        public int Grams { get; private set; }

        public void Take(uint hash, int first, int second)
        {
            Grams++;
            var row = weights.Find(hash);
            if (row >= 0)
            {
                weights.Scores.AddTo(ref values[0], row, 1);
                if (row < weights.HiddenCount)
                {
                    weights.Hidden.AddTo(ref values[hiddenAt], row, 1);
                }
            }
        }
    }
}

/// <summary>
/// What a word adds. This never changes once it is shared; how much it is used does. That is counted without locks: a count
/// lost now and then only moves the moment at which a place is given up.
/// </summary>
internal sealed class WordParts
{
    private const int MostUses = 64;

    /// <summary>By then the most frequent of the words that share a place has it; else they would drive each other out for ever.</summary>
    private const int MostChanges = 4;

    private int _uses;

    /// <summary>The word; null for a spare one.</summary>
    public string? Word { get; init; }

    /// <summary>How many words have had the place, this one included.</summary>
    public int Changes { get; init; }

    /// <summary>Whether the model has met it.</summary>
    public bool Known { get; set; }

    /// <summary>How many n-grams it has, known or not.</summary>
    public int Grams { get; set; }

    /// <summary>What it adds to the scores, to the hidden units, and to the filters' answers.</summary>
    public float[] Values { get; set; } = [];

    /// <summary>The word was met.</summary>
    public void Use()
    {
        // Words in steady use are not written to: threads share their memory.
        if (_uses < MostUses)
        {
            _uses += 2;
        }
    }

    /// <summary>Another word wants the place: it gets it when it has asked often enough between uses.</summary>
    public bool GivesUp() => Changes < MostChanges && --_uses < 0;
}
