using System.Globalization;
using System.Text;

namespace TicketAspire.Storage;

/// <summary>
/// The words of a text as every ticket log sees them: letters, numbers and the marks on them; all else parts words. It is
/// what FTS5's unicode61 does, and the pattern that Elasticsearch is given.
/// </summary>
internal static class SearchWords
{
    /// <summary>The same as a regular expression of what is between words.</summary>
    public const string BetweenPattern = @"[^\p{L}\p{N}\p{M}\p{Co}]+";

    /// <summary>The words in the order of the text, as they are written.</summary>
    public static List<string> Of(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || IsInsideWord(Rune.GetUnicodeCategory(rune), word.Length))
            {
                word.Append(rune);
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    private static bool IsInsideWord(UnicodeCategory category, int length) => category switch
    {
        UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber or UnicodeCategory.PrivateUse => true,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => length > 0,
        _ => false,
    };
}
