namespace TicketAspire.Retrainer.CommandLine;

/// <summary>Words from outside on a terminal: a label or a message must neither break a table nor steer the terminal.</summary>
internal static class OneLine
{
    /// <summary>The words with a blank for each run of line breaks and control characters, cut to a length.</summary>
    public static string Of(string words, int longest = int.MaxValue)
    {
        var parts = words.Split([.. words.Where(char.IsControl).Distinct()], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var line = string.Join(' ', parts);
        return line.Length <= longest ? line : string.Concat(line.AsSpan(0, longest - 1), "…");
    }
}
