using TicketAspire.ServiceDefaults.Secrets;

namespace TicketAspire.ServiceDefaults.Vault;

/// <summary>Vault's no, without its words.</summary>
internal sealed class VaultRefusal : SecretStoreException
{
    /// <summary>What both a token without the permission and an invalid one get.</summary>
    public const int Forbidden = 403;

    public VaultRefusal(string message, int status)
        : base(message)
    {
        Status = status;
        // A secret that is not there may be about to be written: who starts everything at once writes it last.
        MayPass = status is 404 or 408 or 412 or 429 or >= 500 or 307;
    }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }
}
