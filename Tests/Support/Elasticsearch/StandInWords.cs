using System.Globalization;
using System.Text;

namespace TicketAspire.Tests.Support.Elasticsearch;

/// <summary>
/// How texts become words: the tokenizer, the folding and the stemming of the template's analyzers, as far as tests need them.
/// Stemming is the first and the last step of Porter's (tartarus.org/martin/PorterStemmer), folding knows Latin letters.
/// </summary>
internal static class StandInWords
{
    private const string Accented = "àáâãäåāçèéêëēìíîïīñòóôõöøōùúûüūýÿ";
    private const string Plain = "aaaaaaaceeeeeiiiiinooooooouuuuuyy";
    private const int Longest = 255;

    public static List<string> Folded(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is >= 0x300 and <= 0x36F)
            {
                continue;
            }

            if (IsOfWord(Rune.GetUnicodeCategory(rune)))
            {
                word.Append(Rune.ToLowerInvariant(rune));
            }
            else
            {
                End();
            }
        }

        End();
        return words;

        void End()
        {
            if (word.Length > 0)
            {
                words.Add(Fold(word.ToString()));
                word.Clear();
            }
        }
    }

    public static List<string> Stems(string text) => [.. Folded(text).Select(Stem)];

    private static bool IsOfWord(UnicodeCategory category) => category
        is <= UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.PrivateUse;

    private static string Fold(string word)
    {
        var folded = string.Concat(word.Select(c => c == 'ß' ? "ss" : Accented.IndexOf(c, StringComparison.Ordinal) is >= 0 and var i ? Plain[i].ToString() : c.ToString()));
        return folded.Length <= Longest ? folded : folded[..Longest];
    }

    private static string Stem(string word)
    {
        if (word.Length <= 2)
        {
            return word;
        }

        word = word.EndsWith("sses", StringComparison.Ordinal) || word.EndsWith("ies", StringComparison.Ordinal) ? word[..^2]
            : word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) ? word[..^1]
            : word;
        foreach (var ending in new[] { "ing", "ed" })
        {
            if (word.EndsWith(ending, StringComparison.Ordinal) && word[..^ending.Length].Any("aeiouy".Contains))
            {
                word = word[..^ending.Length];
                word = word.Length > 2 && word[^1] == word[^2] && !"lsz".Contains(word[^1], StringComparison.Ordinal) ? word[..^1] : word;
                break;
            }
        }

        return word.Length > 4 && word.EndsWith('e') ? word[..^1] : word;
    }
}
