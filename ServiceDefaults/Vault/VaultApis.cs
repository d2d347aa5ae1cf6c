using TicketAspire.ServiceDefaults.Secrets;

namespace TicketAspire.ServiceDefaults.Vault;

/// <summary>Which adapter asks Vault in this build.</summary>
internal static class VaultApis
{
    /// <summary>Prepares it; nothing is asked yet.</summary>
    /// <exception cref="SecretStoreException">The CA file cannot be read.</exception>
#if NUGETORG
    public static IVaultApi Open(VaultSettings settings) => new VaultSharpApi(settings);
#else
    public static IVaultApi Open(VaultSettings settings) => new VaultHttpApi(settings);
#endif
}
