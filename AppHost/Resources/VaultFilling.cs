using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace TicketAspire.AppHost.Resources;

/// <summary>Puts the services' secrets into a Vault that has just started (its HTTP API, KV version 2 at <c>secret/</c>).</summary>
internal static class VaultFilling
{
    /// <summary>How long one request may take, and for how long a request that fails is made again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

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
            await WriteAsync(http, "v1/auth/token/create", Token(service, secret.Token), cancellation, () => ExistsAsync(http, secret.Token, cancellation));
        }
    }

    private static JsonObject Policy(string path) => new()
    {
        ["policy"] = $$"""path "secret/data/{{path}}" { capabilities = ["read"] }""",
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

    // Just after its start Vault refuses writes for a moment, with 400, while it makes up the secrets' store:
    // github.com/hashicorp/vault-plugin-secrets-kv/issues/75. One write that is lost would keep every service from starting.
    private static async Task WriteAsync(HttpClient http, string path, JsonObject body, CancellationToken cancellation, Func<Task<bool>>? isDone = null)
    {
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(Pause, cancellation))
        {
            var isLast = Stopwatch.GetElapsedTime(start) > Patience;
            try
            {
                using var response = await http.PostAsJsonAsync(path, body, cancellation);
                if (response.IsSuccessStatusCode || (isDone is not null && await isDone()))
                {
                    return;
                }

                if (isLast || (response.StatusCode is not HttpStatusCode.BadRequest && (int)response.StatusCode < 500))
                {
                    throw new DistributedApplicationException($"Vault answered {(int)response.StatusCode} to a write of {path}.");
                }
            }
            catch (HttpRequestException error)
            {
                if (isLast)
                {
                    throw new DistributedApplicationException($"Vault cannot be reached for a write of {path}.", error);
                }
            }
        }
    }

    // A token cannot be made a second time, after an answer that got lost.
    private static async Task<bool> ExistsAsync(HttpClient http, string token, CancellationToken cancellation)
    {
        using var response = await http.PostAsJsonAsync("v1/auth/token/lookup", new JsonObject { ["token"] = token }, cancellation);
        return response.IsSuccessStatusCode;
    }
}
