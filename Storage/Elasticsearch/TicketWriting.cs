namespace TicketAspire.Storage.Elasticsearch;

/// <summary>How tickets are written to Elasticsearch, and how much may wait.</summary>
public sealed record TicketWriting
{
    /// <summary>How many tickets and labels may wait.</summary>
    public int MostWaiting { get; init; } = 10_000;

    /// <summary>How many bytes they may take as JSON.</summary>
    public long MostBytes { get; init; } = 64L << 20;

    /// <summary>How many are sent together.</summary>
    public int BatchSize { get; init; } = 500;

    /// <summary>How many bytes are sent together, unless one alone has more.</summary>
    public long BatchBytes { get; init; } = 4L << 20;

    /// <summary>How long a ticket waits for others to be sent with.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How long to wait after failures in a row; each wait is that long or up to half as long again, by chance.</summary>
    public RetryBackoff Backoff { get; init; } = new(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(30));

    /// <summary>How long a label waits for its ticket, which another process may be about to write; each time.</summary>
    public RetryBackoff MissingBackoff { get; init; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30));

    /// <summary>How often a label waits for its ticket before it is dropped.</summary>
    public int MissingAttempts { get; init; } = 5;

    /// <summary>How many labels may wait for their tickets.</summary>
    public int MostMissing { get; init; } = 1_000;

    /// <summary>How long the service's end may wait for what is still to be sent.</summary>
    public TimeSpan FlushTime { get; init; } = TimeSpan.FromSeconds(5);
}
