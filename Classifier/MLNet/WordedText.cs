using System.Text;
using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Text;

namespace TicketAspire.Classifier.MLNet;

/// <summary>A text's words as the pipeline gets them: normalised, with single spaces. Filled again and again by one thread.</summary>
internal sealed class WordedText
{
    private readonly TokenBuffer _tokens = new();
    private readonly StringBuilder _joined = new();

    /// <summary>The words with their places in the source.</summary>
    public ReadOnlySpan<Token> Tokens => _tokens.Tokens;

    /// <summary>The normalised text.</summary>
    public string Text { get; private set; } = string.Empty;

    /// <summary>A word.</summary>
    public ReadOnlySpan<char> this[Token token] => _tokens[token];

    /// <summary>Takes a text apart.</summary>
    public void Read(ReadOnlySpan<char> text)
    {
        _tokens.Read(text);
        _joined.Clear();
        foreach (var token in _tokens.Tokens)
        {
            _joined.Append(_joined.Length > 0 ? " " : string.Empty).Append(_tokens[token]);
        }

        Text = _joined.ToString();
    }

    /// <summary>The share of the words that are not among these.</summary>
    public double UnknownShare(FeatureTable known)
    {
        var unknown = 0;
        foreach (var token in _tokens.Tokens)
        {
            unknown += known.Find(FeatureWalk.Word(FeatureWalk.HashWord(_tokens[token]))) < 0 ? 1 : 0;
        }

        return Familiarity.UnknownShare(unknown, _tokens.Count);
    }
}
