namespace TicketAspire.ServiceDefaults.Limits;

/// <summary>How much a service takes on unless configured otherwise (<c>Limits:…</c>).</summary>
public static class LimitDefaults
{
    /// <summary>The longest request body in bytes where a route does not say otherwise.</summary>
    public const long RequestBytes = 2 * 1024 * 1024;

    /// <summary>The longest body of a batch and of an import, in bytes.</summary>
    public const long BulkBytes = 128L * 1024 * 1024;

    /// <summary>The longest text, in UTF-16 code units: some thirty pages.</summary>
    public const int TextLength = 100_000;

    /// <summary>Requests worked on at the same time.</summary>
    public const int Concurrency = 256;

    /// <summary>Requests that wait for a place; one more gets 503 with <c>Retry-After</c>.</summary>
    public const int Queue = 512;
}
