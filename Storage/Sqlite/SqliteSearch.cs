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
        var words = SearchWords.Of(text);
        if (words.Count == 0)
        {
            return null;
        }

        var whole = words.SkipLast(1).Distinct(StringComparer.Ordinal).Select(Quote).ToArray();
        var last = Quote(words[^1]);
        return new SqliteSearch(whole.Length == 0 ? null : string.Join(" AND ", whole), last, last + "*");
    }

    /// <summary>A word as FTS5 takes it, whatever it is.</summary>
    public static string Quote(string word) => $"\"{word}\"";
}
