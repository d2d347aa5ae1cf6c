using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using TicketAspire.Tests.Support;

namespace TicketAspire.Tests.Vault;

/// <summary>
/// Stands in for Vault, which cannot be started here: the sign-ins, renewal and KV version 2 as its API documentation has them
/// (developer.hashicorp.com/vault/api-docs), a policy that is just a list of paths, and no lease of its own clock: tokens
/// are good until they are revoked.
/// </summary>
internal sealed class VaultStandIn : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, bool> _tokens = [];
    private readonly ConcurrentDictionary<string, (int Version, JsonNode? Data)> _secrets = [];
    private readonly ConcurrentQueue<string> _requests = [];
    private WebApplication _app = null!;
    private int _issued;

    private VaultStandIn()
    {
    }

    public string Address => _app.Urls.First();

    /// <summary>Method and path of each request, with the namespace before it where one was sent.</summary>
    public IReadOnlyCollection<string> Requests => [.. _requests];

    /// <summary>What the next tokens are like.</summary>
    public (int Seconds, bool Renewable) Lease { get; set; } = (3600, true);

    /// <summary>What renewal brings; null for what it was at first.</summary>
    public int? RenewedFor { get; set; }

    /// <summary>Answers everything with this status; null for nothing.</summary>
    public int? Status { get; set; }

    /// <summary>What it says with it: words that must not be passed on.</summary>
    public string Words { get; set; } = """{"errors":["l3aked"]}""";

    /// <summary>Who may sign in: mount → what the body must be.</summary>
    public ConcurrentDictionary<string, string> Logins { get; } = [];

    /// <summary>Tokens without the default policy may not look themselves up.</summary>
    public bool ForbidsLookup { get; set; }

    public static async Task<VaultStandIn> StartAsync()
    {
        var vault = new VaultStandIn();
        vault._app = await StandInServer.StartAsync(app => app.Map("/{**path}", vault.AnswerAsync));
        return vault;
    }

    /// <summary>A token that is good.</summary>
    public string Issue(string? token = null)
    {
        token ??= $"hvs.s3cret{Interlocked.Increment(ref _issued)}";
        _tokens[token] = true;
        return token;
    }

    /// <summary>Makes all tokens useless.</summary>
    public void Revoke() => _tokens.Clear();

    /// <summary>Writes the next version of a secret.</summary>
    public void Put(string path, string json) =>
        _secrets.AddOrUpdate(path, _ => (1, JsonNode.Parse(json)), (_, before) => (before.Version + 1, JsonNode.Parse(json)));

    /// <summary>Deletes the latest version.</summary>
    public void Delete(string path) => _secrets[path] = (_secrets[path].Version, null);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var scope = context.Request.Headers["X-Vault-Namespace"].ToString();
        _requests.Enqueue($"{(scope.Length > 0 ? $"{scope}: " : string.Empty)}{context.Request.Method} {path}");
        if (Status is { } status)
        {
            await SayAsync(context, status, Words);
        }
        else if (path.StartsWith("/v1/auth/", StringComparison.Ordinal) && path.EndsWith("/login", StringComparison.Ordinal))
        {
            await LogInAsync(context, path["/v1/auth/".Length..^"/login".Length]);
        }
        else if (!_tokens.TryGetValue(context.Request.Headers["X-Vault-Token"].ToString(), out _))
        {
            await SayAsync(context, 403, """{"errors":["permission denied"]}""");
        }
        else
        {
            await ((context.Request.Method, path) switch
            {
                ("GET", "/v1/auth/token/lookup-self") when !ForbidsLookup => SayAsync(context, 200, Lookup()),
                ("POST", "/v1/auth/token/renew-self") when Lease.Renewable => SayAsync(context, 200, Auth("renewed", RenewedFor ?? Lease.Seconds)),
                ("POST", "/v1/auth/token/renew-self") => SayAsync(context, 400, """{"errors":["lease is not renewable"]}"""),
                ("GET", _) when path.StartsWith("/v1/secret/data/", StringComparison.Ordinal) => ReadAsync(context, path["/v1/secret/data/".Length..]),
                _ => SayAsync(context, 403, """{"errors":["1 error occurred:\n\t* permission denied\n\n"]}"""),
            });
        }
    }

    private async Task LogInAsync(HttpContext context, string mount)
    {
        var body = await JsonNode.ParseAsync(context.Request.Body);
        if (!Logins.TryGetValue(mount, out var expected))
        {
            await SayAsync(context, 404, """{"errors":["no handler for route"]}""");
        }
        else if (context.Request.Headers.ContainsKey("X-Vault-Token") || !JsonNode.DeepEquals(body, JsonNode.Parse(expected)))
        {
            await SayAsync(context, 400, """{"errors":["invalid role or secret ID"]}""");
        }
        else
        {
            await SayAsync(context, 200, Auth(Issue(), Lease.Seconds));
        }
    }

    private Task ReadAsync(HttpContext context, string path) => !_secrets.TryGetValue(path, out var secret)
        ? SayAsync(context, 404, """{"errors":[]}""")
        : SayAsync(context, secret.Data is null ? 404 : 200, JsonSerializer.Serialize(new
        {
            request_id = "9b2a", lease_id = string.Empty, renewable = false, lease_duration = 0,
            data = new
            {
                data = secret.Data,
                metadata = new { created_time = "2025-03-01T08:00:00Z", custom_metadata = (object?)null, deletion_time = string.Empty, destroyed = false, version = secret.Version },
            },
            wrap_info = (object?)null, warnings = (object?)null, auth = (object?)null, mount_type = "kv",
        }));

    private string Lookup() => JsonSerializer.Serialize(new
    {
        request_id = "9b2b", lease_id = string.Empty, renewable = false, lease_duration = 0,
        data = new
        {
            accessor = "acc", creation_time = 1740816000, creation_ttl = Lease.Seconds, display_name = "token", entity_id = string.Empty,
            expire_time = (string?)null, explicit_max_ttl = 0, id = "hvs.s3cret", issue_time = "2025-03-01T08:00:00Z", meta = (object?)null,
            num_uses = 0, orphan = true, path = "auth/token/create", policies = new[] { "default" }, renewable = Lease.Renewable,
            ttl = Lease.Seconds, type = "service",
        },
        wrap_info = (object?)null, warnings = (object?)null, auth = (object?)null, mount_type = "token",
    });

    private string Auth(string token, int seconds) => JsonSerializer.Serialize(new
    {
        request_id = "9b2c", lease_id = string.Empty, renewable = false, lease_duration = 0, data = (object?)null, wrap_info = (object?)null, warnings = (object?)null,
        auth = new
        {
            client_token = token, accessor = "acc", policies = new[] { "default" }, token_policies = new[] { "default" }, metadata = new { role = "api" },
            lease_duration = seconds, renewable = Lease.Renewable, entity_id = string.Empty, token_type = "service", orphan = true, num_uses = 0,
        },
        mount_type = string.Empty,
    });

    private static Task SayAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json, context.RequestAborted);
    }
}
