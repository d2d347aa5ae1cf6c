using TicketAspire.ServiceDefaults.Secrets;

namespace TicketAspire.ServiceDefaults.Vault;

/// <summary>
/// What is asked of Vault (developer.hashicorp.com/vault/api-docs). Two adapters ask alike: ours, and VaultSharp's where the
/// build has that package (<c>NuGetOrg=true</c>). A no is a <see cref="VaultStatusException"/>; whatever else is thrown, an
/// answer of another shape included, is put into words by <see cref="VaultCall"/>.
/// </summary>
internal interface IVaultApi : IDisposable
{
    /// <summary>Signs in by AppRole (<c>auth/{mount}/login</c>).</summary>
    Task<VaultToken> LogInByAppRoleAsync(string mount, string roleId, string secretId, CancellationToken cancellation);

    /// <summary>Signs in with the token of a pod's service account (<c>auth/{mount}/login</c>).</summary>
    Task<VaultToken> LogInByKubernetesAsync(string mount, string role, string jwt, CancellationToken cancellation);

    /// <summary>How long a token is good for (<c>auth/token/lookup-self</c>).</summary>
    Task<VaultToken> LookUpAsync(string token, CancellationToken cancellation);

    /// <summary>Makes a token live longer (<c>auth/token/renew-self</c>).</summary>
    Task<VaultToken> RenewAsync(string token, CancellationToken cancellation);

    /// <summary>The latest version of a secret of a KV engine, version 2 (<c>{mount}/data/{path}</c>).</summary>
    Task<SecretVersion> ReadAsync(string token, string mount, string path, CancellationToken cancellation);
}

/// <summary>A token. A class, so that nothing prints it.</summary>
/// <param name="value">What is sent with each request.</param>
/// <param name="life">How long it is good for from now on; zero for ever.</param>
/// <param name="renewable">Whether that can be made longer.</param>
internal sealed class VaultToken(string value, TimeSpan life, bool renewable)
{
    public string Value { get; } = value;

    public TimeSpan Life { get; } = life;

    public bool Renewable { get; } = renewable;
}

/// <summary>Vault's no, without its words: they may quote what was sent.</summary>
/// <param name="status">The HTTP status.</param>
internal sealed class VaultStatusException(int status) : Exception
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;
}
