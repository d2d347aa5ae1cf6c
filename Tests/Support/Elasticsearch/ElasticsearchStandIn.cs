using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TicketAspire.Tests.Support.Redis;

namespace TicketAspire.Tests.Support.Elasticsearch;

/// <summary>
/// A stand-in for Elasticsearch or OpenSearch on a free port of 127.0.0.1: see the README. What it does not know it refuses with
/// 400, and says so once more when it is disposed of, so that the test fails.
/// </summary>
public sealed class ElasticsearchStandIn : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly StandInIndices _indices = new();
    private readonly Dictionary<string, string> _templates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (JsonElement Policy, int Number)> _policies = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _mistakes = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly int _port = FreePort.Next();
    private readonly bool _openSearch;
    private readonly X509Certificate2? _certificate;
    private WebApplication? _app;

    private ElasticsearchStandIn(bool openSearch, X509Certificate2? certificate)
    {
        _openSearch = openSearch;
        _certificate = certificate;
    }

    public string Address => $"{(_certificate is null ? "http" : "https")}://127.0.0.1:{_port}";

    /// <summary>What was asked: method, path and query.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>The header that every request must have; null if none.</summary>
    public string? Authorization { get; set; }

    /// <summary>The status that a request to this path is refused with; null to answer it.</summary>
    public Func<string, int?> Refuse { get; set; } = _ => null;

    /// <summary>The status that a bulk request's item, by action and id, is refused with; null to carry it out.</summary>
    public Func<string, string, int?> RefuseItem { get; set; } = (_, _) => null;

    /// <summary>Requests wait for this before they are answered.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Requests wait so long before they are answered.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>True if there is no lifecycle management, as in the open-source builds of Elasticsearch 7.10.</summary>
    public bool HasNoLifecycle { get; set; }

    /// <summary>How many documents there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _indices.All.Count;
            }
        }
    }

    /// <summary>The documents' ids and sources.</summary>
    public IReadOnlyDictionary<string, JsonElement> Documents
    {
        get
        {
            lock (_lock)
            {
                return _indices.All.ToDictionary(document => document.Id, document => document.Source.Deserialize<JsonElement>());
            }
        }
    }

    /// <summary>The names of the indices.</summary>
    public IReadOnlyList<string> Indices
    {
        get
        {
            lock (_lock)
            {
                return _indices.Names;
            }
        }
    }

    public static async Task<ElasticsearchStandIn> StartAsync(bool openSearch = false, X509Certificate2? certificate = null)
    {
        var standIn = new ElasticsearchStandIn(openSearch, certificate);
        await standIn.StartAgainAsync();
        return standIn;
    }

    /// <summary>A policy as it was put.</summary>
    public JsonElement? Policy(string name)
    {
        lock (_lock)
        {
            return _policies.TryGetValue(name, out var policy) ? policy.Policy : null;
        }
    }

    /// <summary>Stops listening; documents stay.</summary>
    public async Task StopAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
            _app = null;
        }
    }

    /// <summary>Listens again at the same address.</summary>
    public async Task StartAgainAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _port, listen =>
        {
            if (_certificate is not null)
            {
                listen.UseHttps(_certificate);
            }
        }));
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
    }

    /// <summary>Loses everything, as a server that was set up anew.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _indices.Names.ToList().ForEach(name => _indices.Delete(name));
            _templates.Clear();
            _policies.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (!_mistakes.IsEmpty)
        {
            throw new InvalidOperationException($"Elasticsearch was asked wrongly: {string.Join("; ", _mistakes)}");
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var path = request.Path.Value!.TrimStart('/');
        _requests.Enqueue($"{request.Method} /{path}{request.QueryString}");
        try
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, context.RequestAborted);
            await Gate.WaitAsync(context.RequestAborted);
            await Task.Delay(Delay, context.RequestAborted);
            var (status, answer) = Answer(request, path, body.ToArray());
            context.Response.StatusCode = status;
            await context.Response.WriteAsJsonAsync(answer, context.RequestAborted);
        }
        catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException)
        {
            // The asker is gone, or this server.
        }
        catch (Exception mistake) when (mistake is StandInException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            _mistakes.Enqueue($"{request.Method} /{path}: {mistake.Message}");
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsJsonAsync(Error("parsing_exception"), context.RequestAborted);
        }
    }

    private (int Status, JsonObject Answer) Answer(HttpRequest request, string path, byte[] body)
    {
        if (Authorization is not null && request.Headers.Authorization != Authorization)
        {
            return (StatusCodes.Status401Unauthorized, Error("security_exception"));
        }

        if (Refuse(path) is { } status)
        {
            return (status, Error("made_up_exception"));
        }

        var type = path == "_bulk" ? "application/x-ndjson" : "application/json";
        if (body.Length > 0 && request.ContentType != type)
        {
            throw new StandInException($"content type {request.ContentType}, where {type} is expected");
        }

        lock (_lock)
        {
            string[] parts = path.Split('/');
            return (request.Method, parts) switch
            {
                ("GET", [""]) => (StatusCodes.Status200OK, Root()),
                ("PUT", ["_ilm", "policy", var name]) => PutLifecycle(name, Body(body)),
                ("GET", ["_plugins", "_ism", "policies", var name]) => GetStatePolicy(name),
                ("PUT", ["_plugins", "_ism", "policies", var name]) => PutStatePolicy(name, request.Query, Body(body)),
                ("PUT", ["_index_template", var name]) => PutTemplate(name, Body(body)),
                ("POST", ["_bulk"]) => Bulk(request.Query, body),
                ("POST", [var pattern, "_search"]) => Search(pattern, request.Query, Body(body)),
                ("POST", [_, "_refresh"]) => (StatusCodes.Status200OK, []),
                ("GET", [var pattern, "_settings"]) => (StatusCodes.Status200OK, new JsonObject(
                    _indices.Names.Where(name => StandInIndices.Fits(name, pattern)).Select(name => KeyValuePair.Create(name, (JsonNode?)new JsonObject())))),
                ("DELETE", ["_index_template", var name]) => Deleted(_templates.Remove(name)),
                ("DELETE", ["_ilm", "policy", ..] or ["_plugins", "_ism", "policies", ..]) => Deleted(_policies.Remove(parts[^1])),
                ("DELETE", [var name]) when !name.Contains('*', StringComparison.Ordinal) => Deleted(_indices.Delete(name)),
                _ => throw new StandInException("the stand-in does not know this request"),
            };
        }
    }

    private JsonObject Root() => new()
    {
        ["name"] = "stand-in",
        ["version"] = _openSearch
            ? new JsonObject { ["distribution"] = "opensearch", ["number"] = "2.19.0" }
            : new JsonObject { ["number"] = "9.1.0", ["build_flavor"] = "default" },
        ["tagline"] = "A stand-in",
    };

    private (int Status, JsonObject Answer) PutLifecycle(string name, JsonElement body)
    {
        if (_openSearch || HasNoLifecycle)
        {
            return (StatusCodes.Status400BadRequest, new JsonObject { ["error"] = "no handler found for uri" });
        }

        StandInException.UnlessKnown(body, "policy", "policy");
        StandInException.UnlessKnown(body.GetProperty("policy"), "policy", "phases");
        var phases = body.GetProperty("policy").GetProperty("phases");
        StandInException.UnlessKnown(phases, "phases", "delete");
        StandInException.UnlessKnown(phases.GetProperty("delete"), "delete", "min_age", "actions");
        _policies[name] = (body, 0);
        return (StatusCodes.Status200OK, new JsonObject { ["acknowledged"] = true });
    }

    private (int Status, JsonObject Answer) GetStatePolicy(string name)
    {
        if (!_openSearch)
        {
            throw new StandInException("ISM is OpenSearch's");
        }

        return _policies.TryGetValue(name, out var policy)
            ? (StatusCodes.Status200OK, new JsonObject
            {
                ["_id"] = name, ["_version"] = 1, ["_seq_no"] = policy.Number, ["_primary_term"] = 1,
                ["policy"] = JsonNode.Parse(policy.Policy.GetProperty("policy").GetRawText()),
            })
            : (StatusCodes.Status404NotFound, Error("status_exception"));
    }

    private (int Status, JsonObject Answer) PutStatePolicy(string name, IQueryCollection query, JsonElement body)
    {
        if (!_openSearch)
        {
            throw new StandInException("ISM is OpenSearch's");
        }

        StandInException.UnlessKnown(body, "policy", "policy");
        StandInException.UnlessKnown(body.GetProperty("policy"), "policy", "description", "default_state", "states", "ism_template");
        var number = query["if_seq_no"].ToString();
        var present = _policies.TryGetValue(name, out var policy);
        if (present != (number.Length > 0) || (present && number != policy.Number.ToString(System.Globalization.CultureInfo.InvariantCulture)))
        {
            return (StatusCodes.Status409Conflict, Error("version_conflict_engine_exception"));
        }

        _policies[name] = (body, policy.Number + 1);
        return (present ? StatusCodes.Status200OK : StatusCodes.Status201Created, new JsonObject { ["_id"] = name });
    }

    private (int Status, JsonObject Answer) PutTemplate(string name, JsonElement body)
    {
        _templates[name] = StandInTemplate.Check(body, lifecycle: !_openSearch && _policies.Count > 0);
        return (StatusCodes.Status200OK, new JsonObject { ["acknowledged"] = true });
    }

    private (int Status, JsonObject Answer) Bulk(IQueryCollection query, byte[] body)
    {
        if (query.Keys.Except(["filter_path"], StringComparer.Ordinal).Any())
        {
            throw new StandInException("_bulk: an unknown parameter");
        }

        return (StatusCodes.Status200OK, _indices.Bulk(
            body, name => _templates.Values.Any(pattern => StandInIndices.Fits(name, pattern)), RefuseItem));
    }

    private (int Status, JsonObject Answer) Search(string pattern, IQueryCollection query, JsonElement body)
    {
        if (query.Keys.Except(["ignore_unavailable", "allow_partial_search_results"], StringComparer.Ordinal).Any())
        {
            throw new StandInException("_search: an unknown parameter");
        }

        return (StatusCodes.Status200OK, _indices.Search(pattern, body));
    }

    private static (int Status, JsonObject Answer) Deleted(bool was) =>
        was ? (StatusCodes.Status200OK, new JsonObject { ["acknowledged"] = true }) : (StatusCodes.Status404NotFound, Error("index_not_found_exception"));

    private static JsonElement Body(byte[] body) => JsonElement.Parse(body);

    private static JsonObject Error(string type) => new() { ["error"] = new JsonObject { ["type"] = type, ["reason"] = "quotes the request" } };
}
