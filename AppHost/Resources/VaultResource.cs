namespace TicketAspire.AppHost.Resources;

/// <summary>Vault in development mode: unsealed, in memory, with a root token. What it holds is put there anew at each of its starts.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="rootToken">Its root token; only the app host uses it.</param>
internal sealed class VaultResource(string name, ParameterResource rootToken) : ContainerResource(name)
{
    private readonly Dictionary<string, VaultSecret> _secrets = [];

    /// <summary>The root token.</summary>
    public ParameterResource RootToken { get; } = rootToken;

    /// <summary>What each service may read, by the service's name.</summary>
    public IReadOnlyDictionary<string, VaultSecret> Secrets => _secrets;

    /// <summary>The secret of a service.</summary>
    public VaultSecret SecretOf(string service)
    {
        if (!_secrets.TryGetValue(service, out var secret))
        {
            _secrets.Add(service, secret = new VaultSecret());
        }

        return secret;
    }
}

/// <summary>One service's secret, and the token by which it alone is read.</summary>
internal sealed class VaultSecret
{
    /// <summary>The token, made up here.</summary>
    public string Token { get; } = Guid.NewGuid().ToString();

    /// <summary>The values, by the configuration key that the service knows them by.</summary>
    public Dictionary<string, IResourceWithConnectionString> Values { get; } = [];
}
