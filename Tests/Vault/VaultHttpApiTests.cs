using TicketAspire.ServiceDefaults.Secrets;
using TicketAspire.ServiceDefaults.Vault;

namespace TicketAspire.Tests.Vault;

/// <summary>Our own adapter.</summary>
public sealed class VaultHttpApiTests : VaultSecretStoreContract
{
    private protected override IVaultApi Open(VaultSettings settings) => new VaultHttpApi(settings);
}

#if NUGETORG
/// <summary>The package's, where the build has it.</summary>
public sealed class VaultSharpApiTests : VaultSecretStoreContract
{
    private protected override IVaultApi Open(VaultSettings settings) => new VaultSharpApi(settings);
}
#endif
