using System.Net;
using System.Text.Json;

namespace TicketAspire.Storage.Elasticsearch;

/// <summary>What Elasticsearch answered: a success or a refusal.</summary>
internal sealed class ElasticsearchAnswer : IDisposable
{
    private JsonDocument? _body;

    private ElasticsearchAnswer(HttpStatusCode status, JsonDocument? body)
    {
        Status = (int)status;
        _body = body;
    }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>True for 2xx with a body that is JSON.</summary>
    public bool IsSuccess => Status is >= 200 and < 300 && _body is not null;

    /// <summary>True if asking again later may help: too much to do, starting, or something in between is broken.</summary>
    public bool MayPass => Status is 408 or 429 or >= 500;

    /// <summary>The body.</summary>
    public JsonElement Body => _body!.RootElement;

    /// <summary>Reads it; a body that is not JSON, as of a proxy, is none.</summary>
    public static async Task<ElasticsearchAnswer> ReadAsync(HttpStatusCode status, Stream body, CancellationToken cancellation)
    {
        try
        {
            return new ElasticsearchAnswer(status, await JsonDocument.ParseAsync(body, cancellationToken: cancellation));
        }
        catch (JsonException)
        {
            return new ElasticsearchAnswer(status, null);
        }
    }

    /// <summary>Hands the body over to somebody who disposes of it.</summary>
    public JsonDocument TakeBody()
    {
        var body = _body!;
        _body = null;
        return body;
    }

    /// <summary>A refusal in words that say what to look at. What the server says is left out: it may quote tickets.</summary>
    public StorageException Refusal(ElasticsearchOptions options) => new($"Elasticsearch at {options.Address} {Words()}");

    /// <inheritdoc/>
    public void Dispose() => _body?.Dispose();

    private string Words() => Status switch
    {
        401 => "wants other credentials: those of ConnectionStrings:elasticsearch or Elasticsearch:ApiKey",
        403 => "does not permit this user what is needed",
        429 => "has too much to do",
        _ => $"refuses with status {Status}{(ErrorType(_body?.RootElement) is { } type ? $" ({type})" : string.Empty)}",
    };

    /// <summary>The kind of an error, as <c>error.type</c> names it.</summary>
    public static string? ErrorType(JsonElement? body) =>
        body is { ValueKind: JsonValueKind.Object } answer && answer.TryGetProperty("error", out var error)
            && error.ValueKind == JsonValueKind.Object && error.TryGetProperty("type", out var type)
            ? type.GetString()
            : null;
}
