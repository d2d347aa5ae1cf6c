using System.Text;

namespace TicketAspire.Classifier.Text;

/// <summary>A word: where it stands in the folded characters, and where in the source text.</summary>
internal readonly record struct Token(int Start, int Length, int SourceStart, int SourceLength);

/// <summary>
/// The words of a text in normalised form. A buffer is filled again and again: reading allocates nothing once it has
/// grown to the longest text. Any sequence of UTF-16 code units is accepted, unpaired surrogates too.
/// </summary>
internal sealed class TokenBuffer
{
    /// <summary>A run of digits longer than this is a reference number, not a term ("365", "2024" are terms).</summary>
    private const int LongestNumber = 4;

    private char[] _folded = new char[512];
    private Token[] _tokens = new Token[128];
    private int _used;
    private int _begin;
    private int _source;
    private bool _digits;

    /// <summary>The words in order.</summary>
    public ReadOnlySpan<Token> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>How many words.</summary>
    public int Count { get; private set; }

    /// <summary>The folded characters of a word.</summary>
    public ReadOnlySpan<char> this[Token token] => _folded.AsSpan(token.Start, token.Length);

    /// <summary>Replaces the content by the words of this text.</summary>
    public void Read(ReadOnlySpan<char> text)
    {
        Count = 0;
        _used = 0;
        _begin = 0;
        if (_folded.Length < text.Length)
        {
            _folded = new char[text.Length * 2];
        }

        for (var i = 0; i < text.Length; i++)
        {
            var folded = CharacterFold.Of(text[i]);
            if (folded > CharacterFold.Dropped)
            {
                if (CharacterFold.IsOwnWord(folded))
                {
                    End(i);
                    Append(folded, i);
                    End(i + 1);
                }
                else
                {
                    i = AppendRun(text, i);
                }
            }
            else if (folded == CharacterFold.Separator)
            {
                End(i);
                if (Rune.TryCreate(text[i], i + 1 < text.Length ? text[i + 1] : '\0', out var rune))
                {
                    // Beyond the basic plane: letters there (rare ideographs) are words of their own; emoji separate.
                    if (Rune.IsLetterOrDigit(rune))
                    {
                        Append(text[i], i);
                        Append(text[i + 1], i);
                        End(i + 2);
                    }

                    i++;
                }
            }
        }

        End(text.Length);
    }

    // Takes letters and digits until something else comes, and returns the place of the last one.
    private int AppendRun(ReadOnlySpan<char> text, int from)
    {
        Begin(from);
        var folded = _folded;
        var used = _used;
        var digits = _digits;
        var i = from;
        for (; i < text.Length; i++)
        {
            var unit = CharacterFold.Of(text[i]);
            if (unit <= CharacterFold.Dropped || CharacterFold.IsOwnWord(unit))
            {
                break;
            }

            digits = digits && char.IsDigit(unit);
            folded[used++] = unit;
        }

        _used = used;
        _digits = digits;
        return i - 1;
    }

    private void Append(char folded, int source)
    {
        Begin(source);
        _digits &= char.IsDigit(folded);
        _folded[_used++] = folded;
    }

    // Nothing, in the middle of a word.
    private void Begin(int source)
    {
        if (_used == _begin)
        {
            _source = source;
            _digits = true;
        }
    }

    private void End(int source)
    {
        if (_used == _begin)
        {
            return;
        }

        if (_digits && _used - _begin > LongestNumber)
        {
            _folded[_begin] = '#';
            _used = _begin + 1;
        }

        if (Count == _tokens.Length)
        {
            Array.Resize(ref _tokens, _tokens.Length * 2);
        }

        _tokens[Count++] = new Token(_begin, _used - _begin, _source, source - _source);
        _begin = _used;
    }
}
