using TicketAspire.ServiceDefaults.Vault;

namespace TicketAspire.ServiceDefaults.Secrets;

/// <content>The distributed edition's part.</content>
public static partial class SecretRegistration
{
    static partial void FindVault(ref StoreOpening? opening) => opening = static (settings, time) => new VaultSecretStore(settings, time);
}
