namespace TicketAspire.ServiceDefaults.Secrets;

/// <summary>
/// Secrets cannot be had. The message says why and what to do, and holds no secret; neither do the exceptions within.
/// </summary>
/// <param name="message">In an operator's words.</param>
/// <param name="innerException">What came of the network, if anything did. Never a server's answer: that may quote.</param>
public class SecretStoreException(string message, Exception? innerException = null) : InvalidOperationException(message, innerException)
{
    /// <summary>True if it may pass by itself; false for what somebody has to mend.</summary>
    public bool MayPass { get; init; }
}
