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
    private const string InRange = " AND rowid BETWEEN $least AND $most";

    /// <summary>The values of <see cref="Condition"/> and <see cref="Keys"/>.</summary>
    public (string Name, object? Value)[] Parameters =>
    [
        ("$stems", Whole is null ? Last : $"{Whole} AND {Last}"), ("$beginning", Beginning), .. Whole is null ? [] : new[] { ("$whole", (object?)Whole) },
    ];

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

    /// <summary>
    /// The condition on a ticket's key that the words stand for, if it is from <c>$least</c> to <c>$most</c>: that much less of
    /// the indexes is read.
    /// </summary>
    public string Condition => $"(key IN ({Stems(InRange)}) OR key IN ({Beginnings(InRange)}))";

    /// <summary>Selects the keys of all tickets that hold the words, as <c>ticket</c>.</summary>
    public string Keys => $"{Stems(string.Empty)} UNION {Beginnings(string.Empty)}";

    /// <summary>A word as FTS5 takes it, whatever it is.</summary>
    public static string Quote(string word) => $"\"{word}\"";

    private static string Stems(string range) => $"SELECT rowid AS ticket FROM ticket_stems WHERE ticket_stems MATCH $stems{range}";

    // By its unary plus the other words' rows are a set that is looked into, not looked for one by one.
    private string Beginnings(string range) =>
        $"SELECT rowid FROM ticket_words WHERE ticket_words MATCH $beginning{range}"
        + (Whole is null ? string.Empty : $" AND +rowid IN (SELECT rowid FROM ticket_stems WHERE ticket_stems MATCH $whole{range})");
}
