using System.Text.Json;
using TicketAspire.ServiceDefaults.Secrets;
using VaultSharp;
using VaultSharp.Core;
using VaultSharp.V1.AuthMethods;
using VaultSharp.V1.AuthMethods.AppRole;
using VaultSharp.V1.AuthMethods.Kubernetes;
using VaultSharp.V1.AuthMethods.Token;

namespace TicketAspire.ServiceDefaults.Vault;

/// <summary>Vault's API, asked with VaultSharp. A client for each request: it keeps what it signed in with, and a sign-in that failed.</summary>
internal sealed class VaultSharpApi(VaultSettings settings) : IVaultApi
{
    private readonly SocketsHttpHandler _connections = VaultConnections.Open(settings);

    /// <inheritdoc/>
    public Task<VaultToken> LogInByAppRoleAsync(string mount, string roleId, string secretId, CancellationToken cancellation) =>
        LogInAsync(new AppRoleAuthMethodInfo(mount, roleId, secretId), cancellation);

    /// <inheritdoc/>
    public Task<VaultToken> LogInByKubernetesAsync(string mount, string role, string jwt, CancellationToken cancellation) =>
        LogInAsync(new KubernetesAuthMethodInfo(mount, role, jwt), cancellation);

    /// <inheritdoc/>
    public async Task<VaultToken> LookUpAsync(string token, CancellationToken cancellation)
    {
        var info = await AskAsync(Client(token).V1.Auth.Token.LookupSelfAsync, cancellation);
        return new VaultToken(token, TimeSpan.FromSeconds(info.Data.TimeToLive), info.Data.Renewable);
    }

    /// <inheritdoc/>
    public async Task<VaultToken> RenewAsync(string token, CancellationToken cancellation)
    {
        var info = await AskAsync(() => Client(token).V1.Auth.Token.RenewSelfAsync(), cancellation);
        return new VaultToken(token, TimeSpan.FromSeconds(info.LeaseDurationSeconds), info.Renewable);
    }

    /// <inheritdoc/>
    public async Task<SecretVersion> ReadAsync(string token, string mount, string path, CancellationToken cancellation)
    {
        var secret = await AskAsync(
            () => Client(token).V1.Secrets.KeyValue.V2.ReadSecretAsync<JsonElement>(path, mountPoint: mount), cancellation);
        return SecretVersion.From(secret.Data.Metadata.Version, secret.Data.Data);
    }

    /// <inheritdoc/>
    public void Dispose() => _connections.Dispose();

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        try
        {
            return await ask().WaitAsync(cancellation);
        }
        catch (VaultApiException error)
        {
            throw new VaultStatusException(error.StatusCode);
        }
    }

    private async Task<VaultToken> LogInAsync(IAuthMethodInfo way, CancellationToken cancellation)
    {
        var client = Client(way);
        var info = await AskAsync(
            async () =>
            {
                await client.V1.Auth.PerformImmediateLogin();
                return client.Settings.AuthMethodInfo.ReturnedLoginAuthInfo;
            },
            cancellation);
        return new VaultToken(info.ClientToken, TimeSpan.FromSeconds(info.LeaseDurationSeconds), info.Renewable);
    }

    private VaultClient Client(string token) => Client(new TokenAuthMethodInfo(token));

    private VaultClient Client(IAuthMethodInfo way) => new(new VaultClientSettings(settings.Address.ToString(), way)
    {
        Namespace = settings.Namespace,
        UseVaultTokenHeaderInsteadOfAuthorizationHeader = true,
        VaultServiceTimeout = settings.Patience,
        MyHttpClientProviderFunc = own =>
        {
            own.Dispose();
            return new HttpClient(_connections, disposeHandler: false);
        },
    });
}
