using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using TicketAspire.Tests.Support;

namespace TicketAspire.Tests.AppHost;

/// <summary>A request that came.</summary>
internal sealed record HeardRequest(
    string Method, string Path, string Query, IHeaderDictionary Headers, byte[] Body, string? FileName, byte[] File);

/// <summary>
/// Stands in for Kibana and for Elasticsearch, neither of which runs here: keeps what it is asked, and answers as it is told.
/// It knows nothing of what the real ones make of a request.
/// </summary>
internal sealed class ElasticStandIn : IAsyncDisposable
{
    public const string Taken = """{"successCount":15,"success":true,"warnings":[],"successResults":[]}""";

    private readonly ConcurrentQueue<HeardRequest> _requests = [];

    private WebApplication _app = null!;

    private ElasticStandIn()
    {
    }

    /// <summary>How often it is not ready yet before it is.</summary>
    public int NotReady { get; set; }

    /// <summary>The status of the answer to what is not a question for readiness.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>The answer to it.</summary>
    public string Answer { get; set; } = Taken;

    /// <summary>What is done while a request waits for its answer.</summary>
    public Action WhileAsked { get; set; } = () => { };

    public IReadOnlyList<HeardRequest> Requests => [.. _requests];

    /// <summary>Those that are not questions for readiness.</summary>
    public IReadOnlyList<HeardRequest> Changes => [.. _requests.Where(request => request.Method != "GET")];

    public string Address => _app.Urls.First();

    public static async Task<ElasticStandIn> StartAsync()
    {
        var standIn = new ElasticStandIn();
        standIn._app = await StandInServer.StartAsync(app => app.Run(standIn.AnswerAsync));
        return standIn;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var request = await HearAsync(context.Request);
        _requests.Enqueue(request);
        WhileAsked();
        if (request.Method == "GET")
        {
            context.Response.StatusCode = NotReady-- > 0 ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
            return;
        }

        context.Response.StatusCode = Status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(Answer);
    }

    private static async Task<HeardRequest> HearAsync(HttpRequest request)
    {
        var (name, file, body) = (default(string), Array.Empty<byte>(), Array.Empty<byte>());
        if (request.HasFormContentType)
        {
            var sent = (await request.ReadFormAsync()).Files.GetFile("file")!;
            await using var stream = sent.OpenReadStream();
            (name, file) = (sent.FileName, await ReadAsync(stream));
        }
        else
        {
            body = await ReadAsync(request.Body);
        }

        // The headers live as long as the request.
        var headers = new HeaderDictionary(request.Headers.ToDictionary());
        return new HeardRequest(request.Method, request.Path, request.QueryString.Value ?? "", headers, body, name, file);
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        using var read = new MemoryStream();
        await stream.CopyToAsync(read);
        return read.ToArray();
    }
}
