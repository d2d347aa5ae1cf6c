using TicketAspire.ServiceDefaults.Secrets;

namespace TicketAspire.ServiceDefaults.Vault;

/// <summary>
/// Being signed in to Vault: a token, renewed when two thirds of its life are over, and got anew where it cannot be renewed
/// any more. Not for several callers at a time.
/// </summary>
internal sealed class VaultSession(IVaultApi api, VaultSettings settings, TimeProvider time)
{
    /// <summary>A token whose life renewal cannot bring back to this share of the first is at the end of it.</summary>
    private const double LeastOfFirst = 1 / 3d;

    private string? _token;
    private Lease _first = Lease.Endless;
    private Lease _lease = Lease.Endless;

    /// <summary>Vault, in words.</summary>
    public string Words { get; } = settings.ToString();

    /// <summary>As of <see cref="ISecretStore.RenewAfter"/>.</summary>
    public TimeSpan? RenewAfter => _lease.RenewAfter(time.GetUtcNow());

    /// <summary>A token that is good for a while, and whether it has just been got.</summary>
    /// <exception cref="SecretStoreException">None can be had.</exception>
    public async Task<(string Token, bool IsNew)> SignedInAsync(CancellationToken cancellation)
    {
        if (_token is not { } token)
        {
            return (await SignInAsync(cancellation), true);
        }

        return !_lease.IsDue(time.GetUtcNow()) || await RenewAsync(token, cancellation)
            ? (token, false)
            : (await SignInAsync(cancellation), true);
    }

    /// <summary>Gets a new token. Files that hold what is needed for that are read again.</summary>
    /// <exception cref="SecretStoreException">Vault refuses, or cannot be reached.</exception>
    public async Task<string> SignInAsync(CancellationToken cancellation)
    {
        _token = null;
        _lease = Lease.Endless;
        switch (settings.SignIn)
        {
            case VaultSignIn.ByToken way:
                var token = await way.Token.ReadAsync(cancellation);
                _first = _lease = await LeaseOfTokenAsync(token, cancellation);
                return _token = token;
            case VaultSignIn.ByAppRole way:
                var secretId = await way.SecretId.ReadAsync(cancellation);
                return await LogInAsync(() => api.LogInByAppRoleAsync(way.Mount, way.Role, secretId, cancellation), cancellation);
            case VaultSignIn.ByKubernetes way:
                var jwt = await way.Token.ReadAsync(cancellation);
                return await LogInAsync(() => api.LogInByKubernetesAsync(way.Mount, way.Role, jwt, cancellation), cancellation);
            default:
                throw new InvalidOperationException("An unknown way to sign in");
        }
    }

    private async Task<string> LogInAsync(Func<Task<VaultToken>> logIn, CancellationToken cancellation)
    {
        var token = await VaultCall.AskAsync(
            Words,
            logIn,
            status => status is 400 or 401 or 403 or 404 ? $"does not let this service sign in (status {status}): {Advice()}" : null,
            cancellation);
        _first = _lease = LeaseOf(token);
        return _token = token.Value;
    }

    private async Task<Lease> LeaseOfTokenAsync(string token, CancellationToken cancellation)
    {
        try
        {
            return LeaseOf(await VaultCall.AskAsync(
                Words,
                () => api.LookUpAsync(token, cancellation),
                status => status is 400 or 401 ? $"refuses the token: {Advice()}" : null,
                cancellation));
        }
        catch (VaultRefusal refusal) when (refusal.Status == VaultRefusal.Forbidden)
        {
            // A token without the default policy may not look itself up. If it is no good, reading tells.
            return Lease.Endless;
        }
    }

    private async Task<bool> RenewAsync(string token, CancellationToken cancellation)
    {
        if (!_lease.Renewable)
        {
            return false;
        }

        try
        {
            _lease = LeaseOf(await VaultCall.AskAsync(Words, () => api.RenewAsync(token, cancellation), _ => null, cancellation));
            // Its longest life comes to an end: each renewal brings less.
            return _lease.Duration >= _first.Duration * LeastOfFirst || settings.SignIn is VaultSignIn.ByToken;
        }
        catch (VaultRefusal refusal) when (refusal.Status is >= 400 and < 500 and not (408 or 412 or 429))
        {
            return false;
        }
    }

    private Lease LeaseOf(VaultToken token) => new(time.GetUtcNow(), token.Life, token.Renewable);

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
