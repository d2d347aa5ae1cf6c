namespace TicketAspire.ServiceDefaults.Secrets;

/// <summary>A server that keeps one service's secrets.</summary>
internal interface ISecretStore : IDisposable
{
    /// <summary>What it is and what is read there, without credentials: <c>Vault at http://localhost:8200 (secret/ticketaspire/api)</c>.</summary>
    string Words { get; }

    /// <summary>
    /// How soon it must be read again, at the latest, for the sign-in to stay valid: renewing that is part of reading. Null if
    /// it does not expire.
    /// </summary>
    TimeSpan? RenewAfter { get; }

    /// <summary>Signs in if need be, and reads the latest version.</summary>
    /// <exception cref="SecretStoreException">It cannot be reached, refuses, or has no secrets there.</exception>
    Task<SecretVersion> ReadAsync(CancellationToken cancellation);
}
