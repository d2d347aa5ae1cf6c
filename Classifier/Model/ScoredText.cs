using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Text;

namespace TicketAspire.Classifier.Model;

/// <summary>
/// A text taken apart for one model: its words, what they add, and its counted features. Filled again and again, it
/// allocates nothing once it has grown to the longest text.
/// </summary>
internal sealed class ScoredText
{
    private readonly TokenBuffer _tokens = new();
    private readonly FeatureCounter _distinct = new();
    private readonly List<WordParts> _spares = [];
    private uint[] _hashes = new uint[128];
    private int[] _positions = new int[128];
    private WordParts[] _parts = new WordParts[128];

    /// <summary>The words in order.</summary>
    public ReadOnlySpan<Token> Tokens => _tokens.Tokens;

    /// <summary>The <see cref="FeatureWalk.HashWord"/> of each word.</summary>
    public ReadOnlySpan<uint> Hashes => _hashes.AsSpan(0, _tokens.Count);

    /// <summary>For each word which of the different words it is.</summary>
    public ReadOnlySpan<int> Positions => _positions.AsSpan(0, _tokens.Count);

    /// <summary>How often each of the different words occurs.</summary>
    public ReadOnlySpan<int> Occurrences => _distinct.Counts;

    /// <summary>What each of the different words adds.</summary>
    public ReadOnlySpan<WordParts> Parts => _parts.AsSpan(0, _distinct.Distinct);

    /// <summary>The features of the words' view.</summary>
    public FeatureCounter Features { get; } = new();

    /// <summary>What the characters' values are multiplied by.</summary>
    public float CharacterScale { get; private set; }

    /// <summary>The share of the words that the model does not know; 1 for a text without a word.</summary>
    public double UnknownShare { get; private set; }

    /// <summary>What all scores are multiplied by.</summary>
    public float Familiarity { get; private set; }

    /// <summary>Takes a text apart.</summary>
    /// <param name="text">The text.</param>
    /// <param name="words">The words' view, if the model has one.</param>
    /// <param name="memory">What the words add.</param>
    public void Read(ReadOnlySpan<char> text, ViewWeights? words, WordMemory memory)
    {
        _tokens.Read(text);
        if (_hashes.Length < _tokens.Count)
        {
            _hashes = new uint[_tokens.Count * 2];
            _positions = new int[_tokens.Count * 2];
            _parts = new WordParts[_tokens.Count * 2];
        }

        _distinct.Clear();
        Features.Clear();
        var spares = 0;
        for (var i = 0; i < _tokens.Count; i++)
        {
            var word = _tokens[_tokens.Tokens[i]];
            _hashes[i] = FeatureWalk.HashWord(word);
            var hash = FeatureWalk.Word(_hashes[i]);
            var before = _distinct.Distinct;
            _positions[i] = _distinct.Add(hash);
            if (_distinct.Distinct > before)
            {
                if (spares == _spares.Count)
                {
                    _spares.Add(new WordParts());
                }

                var parts = memory.Get(word, hash, _spares[spares]);
                spares += parts == _spares[spares] ? 1 : 0;
                _parts[_positions[i]] = parts;
            }
        }

        CharacterScale = WordValue.Scale(Squares());
        UnknownShare = TicketAspire.Classifier.Features.Familiarity.UnknownShare(Unknown(), _tokens.Count);
        Familiarity = TicketAspire.Classifier.Features.Familiarity.Of(UnknownShare);
        if (words is not null)
        {
            var counting = new Counting(Features);
            FeatureWalk.VisitWords(Hashes, words.View.Reach(), ref counting);
        }
    }

    private int Unknown()
    {
        var unknown = 0;
        for (var i = 0; i < Parts.Length; i++)
        {
            unknown += _parts[i].Known ? 0 : Occurrences[i];
        }

        return unknown;
    }

    private double Squares()
    {
        var squares = 0.0;
        for (var i = 0; i < Parts.Length; i++)
        {
            squares += WordValue.Square(WordValue.Of(Occurrences[i]), _parts[i].Grams);
        }

        return squares;
    }
}
