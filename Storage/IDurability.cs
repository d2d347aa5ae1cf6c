namespace TicketAspire.Storage;

/// <summary>Whether the store keeps what it acknowledges: a server's settings decide that, and are an operator's.</summary>
public interface IDurability
{
    /// <summary>Why something acknowledged might be lost, for an operator; null if there is no reason to think so.</summary>
    /// <exception cref="StorageException">The store cannot be asked.</exception>
    Task<string?> DoubtAsync(CancellationToken cancellation);
}
