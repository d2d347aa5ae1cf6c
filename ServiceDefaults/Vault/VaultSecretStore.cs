using TicketAspire.ServiceDefaults.Secrets;

namespace TicketAspire.ServiceDefaults.Vault;

/// <summary>One secret of Vault's KV engine, version 2. Its version comes with the data, so that no policy on metadata is needed.</summary>
internal sealed class VaultSecretStore : ISecretStore
{
    private readonly VaultSettings _settings;
    private readonly IVaultApi _api;
    private readonly VaultSession _session;
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Prepares it; nothing is asked yet.</summary>
    /// <param name="api">What asks Vault; disposed with this.</param>
    /// <param name="settings">Where the secret is.</param>
    /// <param name="time">The clock.</param>
    public VaultSecretStore(IVaultApi api, VaultSettings settings, TimeProvider time)
    {
        _settings = settings;
        _api = api;
        _session = new VaultSession(api, settings, time);
    }

    /// <inheritdoc/>
    public string Words => $"{_session.Words} ({_settings.Mount}/{_settings.Path})";

    /// <inheritdoc/>
    public TimeSpan? RenewAfter => _session.RenewAfter;

    /// <inheritdoc/>
    public async Task<SecretVersion> ReadAsync(CancellationToken cancellation)
    {
        // Two at a time would sign in twice.
        await _one.WaitAsync(cancellation);
        try
        {
            return await ReadSignedInAsync(cancellation);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _api.Dispose();
        _one.Dispose();
    }

    private async Task<SecretVersion> ReadSignedInAsync(CancellationToken cancellation)
    {
        var (token, isNew) = await _session.SignedInAsync(cancellation);
        try
        {
            return await ReadAsync(token, cancellation);
        }
        catch (VaultRefusal refusal) when (refusal.Status == VaultRefusal.Forbidden && !isNew)
        {
            // The token was revoked, or has other policies by now: a new one tells which.
            token = await _session.SignInAsync(cancellation);
            return await ReadAsync(token, cancellation);
        }
    }

    private Task<SecretVersion> ReadAsync(string token, CancellationToken cancellation) => VaultCall.AskAsync(
        _session.Words, () => _api.ReadAsync(token, _settings.Mount, _settings.Path, cancellation), Refused, cancellation);

    private string? Refused(int status) => status switch
    {
        VaultRefusal.Forbidden => $"does not permit to read {_settings.Mount}/data/{_settings.Path}: the token is not valid, or its policy does not grant \"read\" on that path",
        404 => $"has no secret at {_settings.Mount}/{_settings.Path} (or {_settings.Mount} is no KV engine of version 2)",
        _ => null,
    };
}
