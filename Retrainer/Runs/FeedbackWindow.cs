namespace TicketAspire.Retrainer.Runs;

/// <summary>
/// Which feedback a training learns from: the newest. What is left out grows in steps of a tenth of the limit, so that from
/// one training to the next the texts are mostly the same, and what was learned from them can be used again.
/// </summary>
internal static class FeedbackWindow
{
    /// <summary>How many of so many entries to leave out, from the first on. It depends on nothing else.</summary>
    /// <param name="entries">How many there are.</param>
    /// <param name="limit">How many may be learned from, at least 1.</param>
    public static long Skip(long entries, int limit)
    {
        var step = Math.Max(1, limit / 10);
        return entries <= limit ? 0 : (entries - limit + step - 1) / step * step;
    }
}
