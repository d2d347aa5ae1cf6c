using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using TicketAspire.ServiceDefaults.Secrets;

namespace TicketAspire.ServiceDefaults.Vault;

/// <summary>Vault's HTTP API, asked with <see cref="HttpClient"/>.</summary>
internal sealed class VaultHttpApi : IVaultApi
{
    private readonly HttpClient _http;

    /// <summary>Prepares it; nothing is asked yet.</summary>
    /// <exception cref="SecretStoreException">The CA file cannot be read.</exception>
    public VaultHttpApi(VaultSettings settings)
    {
        _http = new HttpClient(VaultConnections.Open(settings)) { BaseAddress = settings.Address, Timeout = settings.Patience };
        // Without it a request is refused where the listener is told to (require_request_header).
        _http.DefaultRequestHeaders.Add("X-Vault-Request", "true");
        if (settings.Namespace is { } name)
        {
            _http.DefaultRequestHeaders.Add("X-Vault-Namespace", name);
        }
    }

    /// <inheritdoc/>
    public Task<VaultToken> LogInByAppRoleAsync(string mount, string roleId, string secretId, CancellationToken cancellation) =>
        LogInAsync(mount, new JsonObject { ["role_id"] = roleId, ["secret_id"] = secretId }, cancellation);

    /// <inheritdoc/>
    public Task<VaultToken> LogInByKubernetesAsync(string mount, string role, string jwt, CancellationToken cancellation) =>
        LogInAsync(mount, new JsonObject { ["role"] = role, ["jwt"] = jwt }, cancellation);

    /// <inheritdoc/>
    public async Task<VaultToken> LookUpAsync(string token, CancellationToken cancellation)
    {
        var data = (await AskAsync(HttpMethod.Get, "auth/token/lookup-self", token, null, cancellation)).GetProperty("data");
        return Token(token, data.GetProperty("ttl"), data);
    }

    /// <inheritdoc/>
    public async Task<VaultToken> RenewAsync(string token, CancellationToken cancellation)
    {
        var auth = (await AskAsync(HttpMethod.Post, "auth/token/renew-self", token, new JsonObject(), cancellation)).GetProperty("auth");
        return Token(token, auth.GetProperty("lease_duration"), auth);
    }

    /// <inheritdoc/>
    public async Task<SecretVersion> ReadAsync(string token, string mount, string path, CancellationToken cancellation)
    {
        var data = (await AskAsync(HttpMethod.Get, $"{mount}/data/{path}", token, null, cancellation)).GetProperty("data");
        return SecretVersion.From(data.GetProperty("metadata").GetProperty("version").GetInt32(), data.GetProperty("data"));
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static VaultToken Token(string value, JsonElement seconds, JsonElement owner) =>
        new(value, TimeSpan.FromSeconds(seconds.GetInt64()), owner.TryGetProperty("renewable", out var renewable) && renewable.GetBoolean());

    private async Task<VaultToken> LogInAsync(string mount, JsonObject body, CancellationToken cancellation)
    {
        var auth = (await AskAsync(HttpMethod.Post, $"auth/{mount}/login", null, body, cancellation)).GetProperty("auth");
        return Token(auth.GetProperty("client_token").GetString() ?? throw new JsonException(), auth.GetProperty("lease_duration"), auth);
    }

    private async Task<JsonElement> AskAsync(HttpMethod method, string path, string? token, JsonObject? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, $"v1/{path}");
        if (token is not null)
        {
            request.Headers.Add("X-Vault-Token", token);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        }

        using var response = await _http.SendAsync(request, cancellation);
        return response.IsSuccessStatusCode
            ? await response.Content.ReadFromJsonAsync<JsonElement>(cancellation)
            : throw new VaultStatusException((int)response.StatusCode);
    }
}
