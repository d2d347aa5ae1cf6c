using TicketAspire.ServiceDefaults.Secrets;
using VaultSharp;
using VaultSharp.V1.AuthMethods;
using VaultSharp.V1.AuthMethods.AppRole;
using VaultSharp.V1.AuthMethods.Kubernetes;
using VaultSharp.V1.AuthMethods.Token;

namespace TicketAspire.ServiceDefaults.Vault;

/// <summary>
/// Being signed in to Vault: a token, renewed when two thirds of its life are over, and got anew where it cannot be renewed
/// any more. Not for several callers at a time.
/// </summary>
internal sealed class VaultSession(VaultSettings settings, TimeProvider time) : IDisposable
{
    /// <summary>A token whose life renewal cannot bring back to this share of the first is at the end of it.</summary>
    private const double LeastOfFirst = 1 / 3d;

    private readonly SocketsHttpHandler _connections = VaultConnections.Open(settings);
    private IVaultClient? _client;
    private Lease _first = Lease.Endless;
    private Lease _lease = Lease.Endless;

    /// <summary>Vault, in words.</summary>
    public string Words { get; } = settings.ToString();

    /// <summary>As of <see cref="ISecretStore.RenewAfter"/>.</summary>
    public TimeSpan? RenewAfter => _lease.RenewAfter(time.GetUtcNow());

    /// <summary>A client with a token that is good for a while, and whether it has just been got.</summary>
    /// <exception cref="SecretStoreException">None can be had.</exception>
    public async Task<(IVaultClient Client, bool IsNew)> SignedInAsync(CancellationToken cancellation)
    {
        if (_client is not { } client)
        {
            return (await SignInAsync(cancellation), true);
        }

        return !_lease.IsDue(time.GetUtcNow()) || await RenewAsync(client, cancellation)
            ? (client, false)
            : (await SignInAsync(cancellation), true);
    }

    /// <summary>Gets a new token. Files that hold what is needed for that are read again.</summary>
    /// <exception cref="SecretStoreException">Vault refuses, or cannot be reached.</exception>
    public async Task<IVaultClient> SignInAsync(CancellationToken cancellation)
    {
        _client = null;
        _lease = Lease.Endless;
        var client = settings.SignIn switch
        {
            VaultSignIn.ByToken way => Client(new TokenAuthMethodInfo(await way.Token.ReadAsync(cancellation))),
            VaultSignIn.ByAppRole way => Client(new AppRoleAuthMethodInfo(way.Mount, way.Role, await way.SecretId.ReadAsync(cancellation))),
            VaultSignIn.ByKubernetes way => Client(new KubernetesAuthMethodInfo(way.Mount, way.Role, await way.Token.ReadAsync(cancellation))),
            _ => throw new InvalidOperationException("An unknown way to sign in"),
        };
        _first = _lease = settings.SignIn is VaultSignIn.ByToken
            ? await LeaseOfTokenAsync(client, cancellation)
            : await LogInAsync(client, cancellation);
        _client = client;
        return client;
    }

    /// <inheritdoc/>
    public void Dispose() => _connections.Dispose();

    // A client for each sign-in: one keeps what it signed in with, and a sign-in that failed.
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

    private async Task<Lease> LogInAsync(VaultClient client, CancellationToken cancellation)
    {
        await VaultCall.AskAsync(
            Words,
            async () =>
            {
                await client.V1.Auth.PerformImmediateLogin();
                return client;
            },
            status => status is 400 or 401 or 403 or 404 ? $"does not let this service sign in (status {status}): {Advice()}" : null,
            cancellation);
        var info = client.Settings.AuthMethodInfo.ReturnedLoginAuthInfo;
        return new Lease(time.GetUtcNow(), TimeSpan.FromSeconds(info.LeaseDurationSeconds), info.Renewable);
    }

    private async Task<Lease> LeaseOfTokenAsync(VaultClient client, CancellationToken cancellation)
    {
        try
        {
            var info = await VaultCall.AskAsync(
                Words,
                () => client.V1.Auth.Token.LookupSelfAsync(),
                status => status is 400 or 401 ? $"refuses the token: {Advice()}" : null,
                cancellation);
            return new Lease(time.GetUtcNow(), TimeSpan.FromSeconds(info.Data.TimeToLive), info.Data.Renewable);
        }
        catch (VaultRefusal refusal) when (refusal.Status == VaultRefusal.Forbidden)
        {
            // A token without the default policy may not look itself up. If it is no good, reading tells.
            return Lease.Endless;
        }
    }

    private async Task<bool> RenewAsync(IVaultClient client, CancellationToken cancellation)
    {
        if (!_lease.Renewable)
        {
            return false;
        }

        try
        {
            var info = await VaultCall.AskAsync(Words, () => client.V1.Auth.Token.RenewSelfAsync(), _ => null, cancellation);
            _lease = new Lease(time.GetUtcNow(), TimeSpan.FromSeconds(info.LeaseDurationSeconds), info.Renewable);
            // Its longest life comes to an end: each renewal brings less.
            return _lease.Duration >= _first.Duration * LeastOfFirst || settings.SignIn is VaultSignIn.ByToken;
        }
        catch (VaultRefusal refusal) when (refusal.Status is >= 400 and < 500 and not (408 or 412 or 429))
        {
            return false;
        }
    }

    private string Advice() => settings.SignIn switch
    {
        VaultSignIn.ByToken way => $"{way.Token} is wrong, has expired or was revoked",
        VaultSignIn.ByAppRole way => $"look at Vault:RoleId, {way.SecretId} and the AppRole authentication at auth/{way.Mount}",
        VaultSignIn.ByKubernetes way => $"look at the role '{way.Role}' of auth/{way.Mount}, and at the service account and audience of {way.Token}",
        _ => "look at Vault:…",
    };

    /// <summary>How long a token is good for.</summary>
    private readonly record struct Lease(DateTimeOffset From, TimeSpan Duration, bool Renewable)
    {
        /// <summary>A root token's.</summary>
        public static readonly Lease Endless = new(default, TimeSpan.Zero, Renewable: false);

        private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(1);

        private DateTimeOffset RenewAt => From + (Duration * (2 / 3d));

        public bool IsDue(DateTimeOffset now) => Duration > TimeSpan.Zero && now >= RenewAt;

        public TimeSpan? RenewAfter(DateTimeOffset now) =>
            Duration <= TimeSpan.Zero ? null
            : RenewAt - now is var left && left > Soonest ? left
            : Soonest;
    }
}
