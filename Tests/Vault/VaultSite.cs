using Microsoft.Extensions.Configuration;
using TicketAspire.ServiceDefaults.Secrets;
using TicketAspire.ServiceDefaults.Vault;
using TicketAspire.Tests.Support;

namespace TicketAspire.Tests.Vault;

/// <summary>A stand-in with a secret for the Api, and stores that read it.</summary>
internal sealed class VaultSite : IAsyncDisposable
{
    public const string Path = "ticketaspire/api";

    private readonly List<VaultSecretStore> _stores = [];

    private readonly Func<VaultSettings, IVaultApi> _open;

    private VaultSite(VaultStandIn vault, Func<VaultSettings, IVaultApi> open) => (Vault, _open) = (vault, open);

    public VaultStandIn Vault { get; }

    public ManualTime Time { get; } = new();

    /// <summary>Starts the stand-in.</summary>
    /// <param name="open">Opens the adapter that is to ask it.</param>
    public static async Task<VaultSite> StartAsync(Func<VaultSettings, IVaultApi> open)
    {
        var site = new VaultSite(await VaultStandIn.StartAsync(), open);
        site.Vault.Put(Path, """{"ConnectionStrings__redis": "redis:6379,password=s3cret"}""");
        return site;
    }

    /// <summary>A store with these settings: <c>Token=…</c>.</summary>
    public VaultSecretStore Open(params string[] settings)
    {
        var read = VaultSettings.Read(
            new ConfigurationBuilder().AddCommandLine([$"--Vault:Address={Vault.Address}", .. settings.Select(one => $"--Vault:{one}")]).Build(), "api");
        var store = new VaultSecretStore(_open(read), read, Time);
        _stores.Add(store);
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        _stores.ForEach(store => store.Dispose());
        await Vault.DisposeAsync();
    }
}
