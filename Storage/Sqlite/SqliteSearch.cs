using System.Globalization;
using System.Text;

namespace TicketAspire.Storage.Sqlite;

/// <summary>
/// What a person typed, as queries in FTS5's language. Only letters and digits get through, each word in quotes, so nothing
/// that is typed is taken for an operator or is an error.
/// </summary>
/// <param name="Whole">All words but the last; null if there is one only.</param>
/// <param name="Last">The last word, whole.</param>
/// <param name="Beginning">The last word as a beginning.</param>
internal sealed record SqliteSearch(string? Whole, string Last, string Beginning)
{
    /// <summary>The condition on a ticket's key that the last word stands for.</summary>
    public const string LastCondition = """
        (key IN (SELECT rowid FROM ticket_stems WHERE ticket_stems MATCH $last)
            OR key IN (SELECT rowid FROM ticket_words WHERE ticket_words MATCH $beginning))
        """;

    /// <summary>The queries, or null if there is no word in the text.</summary>
    public static SqliteSearch? Parse(string text)
    {
        var words = Words(text);
        if (words.Count == 0)
        {
            return null;
        }

        var whole = words.SkipLast(1).Distinct(StringComparer.Ordinal).Select(Quote).ToArray();
        var last = Quote(words[^1]);
        return new SqliteSearch(whole.Length == 0 ? null : string.Join(" AND ", whole), last, last + "*");
    }

    private static string Quote(string word) => $"\"{word}\"";

    /// <summary>Splits as FTS5's unicode61 does: words are letters, numbers, and the marks on them.</summary>
    private static List<string> Words(string text)
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
