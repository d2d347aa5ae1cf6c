namespace TicketAspire.Storage;

/// <summary>
/// How long to wait before what has failed is tried again: twice as long each time, up to a limit, so that neither a
/// passing trouble costs much time nor a lasting one much work.
/// </summary>
/// <param name="First">The first wait.</param>
/// <param name="Longest">The longest.</param>
public sealed record RetryBackoff(TimeSpan First, TimeSpan Longest)
{
    /// <summary>The wait before the attempt that follows this many failed ones.</summary>
    public TimeSpan After(int failed) =>
        failed <= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, failed - 1)));
}
