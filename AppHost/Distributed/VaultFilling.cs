using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace TicketAspire.AppHost.Distributed;

/// <summary>Puts the services' secrets into a Vault that has just started (its HTTP API, KV version 2 at <c>secret/</c>).</summary>
internal static class VaultFilling
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>For each service of <see cref="VaultResource.Secrets"/>: its secret, a policy to read it, and a token with that policy.</summary>
    /// <param name="vault">The resource.</param>
    /// <param name="address">Where it answers.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DistributedApplicationException">Vault refuses; the message says what, without a secret.</exception>
    public static async Task FillAsync(VaultResource vault, Uri address, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = address, Timeout = Patience };
        http.DefaultRequestHeaders.Add("X-Vault-Token", await vault.RootToken.GetValueAsync(cancellation));

        foreach (var (service, secret) in vault.Secrets)
        {
            var data = new JsonObject();
            foreach (var (key, store) in secret.Values)
            {
                data[key] = await store.GetConnectionStringAsync(cancellation);
            }

            var path = $"ticketaspire/{service}";
            await WriteAsync(http, $"v1/secret/data/{path}", new JsonObject { ["data"] = data }, cancellation);
            await WriteAsync(http, $"v1/sys/policies/acl/ticketaspire-{service}", Policy(path), cancellation);
            await WriteAsync(http, "v1/auth/token/create", Token(service, secret.Token), cancellation);
        }
    }

    private static JsonObject Policy(string path) => new()
    {
        ["policy"] = $$"""
            path "secret/data/{{path}}" { capabilities = ["read"] }
            path "secret/metadata/{{path}}" { capabilities = ["read"] }
            """,
    };

    // A token with a period lives for as long as it is renewed.
    private static JsonObject Token(string service, string token) => new()
    {
        ["id"] = token,
        ["display_name"] = service,
        ["policies"] = new JsonArray($"ticketaspire-{service}"),
        ["period"] = "1h",
        ["no_parent"] = true,
    };

    private static async Task WriteAsync(HttpClient http, string path, JsonObject body, CancellationToken cancellation)
    {
        using var response = await http.PostAsJsonAsync(path, body, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            throw new DistributedApplicationException($"Vault answered {(int)response.StatusCode} to a write of {path}.");
        }
    }
}
