using System.Text.Json;
using TicketAspire.ServiceDefaults.Secrets;
using VaultSharp;

namespace TicketAspire.ServiceDefaults.Vault;

/// <summary>One secret of Vault's KV engine, version 2. Its version comes with the data, so that no policy on metadata is needed.</summary>
internal sealed class VaultSecretStore : ISecretStore
{
    private readonly VaultSettings _settings;
    private readonly VaultSession _session;
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Prepares it; nothing is asked yet.</summary>
    /// <exception cref="SecretStoreException">The CA file cannot be read.</exception>
    public VaultSecretStore(VaultSettings settings, TimeProvider time)
    {
        _settings = settings;
        _session = new VaultSession(settings, time);
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
        _session.Dispose();
        _one.Dispose();
    }

    private async Task<SecretVersion> ReadSignedInAsync(CancellationToken cancellation)
    {
        var (client, isNew) = await _session.SignedInAsync(cancellation);
        try
        {
            return await ReadAsync(client, cancellation);
        }
        catch (VaultRefusal refusal) when (refusal.Status == VaultRefusal.Forbidden && !isNew)
        {
            // The token was revoked, or has other policies by now: a new one tells which.
            client = await _session.SignInAsync(cancellation);
            return await ReadAsync(client, cancellation);
        }
    }

    private Task<SecretVersion> ReadAsync(IVaultClient client, CancellationToken cancellation) => VaultCall.AskAsync(
        _session.Words,
        async () =>
        {
            var secret = await client.V1.Secrets.KeyValue.V2.ReadSecretAsync<JsonElement>(_settings.Path, mountPoint: _settings.Mount);
            return SecretVersion.From(secret.Data.Metadata.Version, secret.Data.Data);
        },
        Refused,
        cancellation);

    private string? Refused(int status) => status switch
    {
        VaultRefusal.Forbidden => $"does not permit to read {_settings.Mount}/data/{_settings.Path}: the token is not valid, or its policy does not grant \"read\" on that path",
        404 => $"has no secret at {_settings.Mount}/{_settings.Path} (or {_settings.Mount} is no KV engine of version 2)",
        _ => null,
    };
}
