using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace TicketAspire.Tests.Support.Telemetry;

/// <summary>
/// Stands in for Logstash's <c>http</c> input with the codec <c>json_lines</c>, which cannot be started here: it takes a JSON
/// object on each line, and can be told to fail.
/// </summary>
public sealed class LogstashStandIn : IAsyncDisposable
{
    private readonly ConcurrentQueue<JsonElement> _entries = [];

    private WebApplication _app = null!;

    private LogstashStandIn()
    {
    }

    public Uri Address => new(_app.Urls.First());

    public IReadOnlyCollection<JsonElement> Entries => [.. _entries];

    /// <summary>The status that it answers with.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>How many requests it has refused.</summary>
    public int Refused { get; private set; }

    public static async Task<LogstashStandIn> StartAsync()
    {
        var logstash = new LogstashStandIn();
        logstash._app = await StandInServer.StartAsync(app => app.MapPost("/", logstash.TakeAsync));
        return logstash;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        context.Response.StatusCode = Status;
        if (Status != StatusCodes.Status200OK)
        {
            Refused++;
            return;
        }

        // A last line without an end would wait in Logstash for the rest.
        if (!body.EndsWith('\n'))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        foreach (var line in body.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            _entries.Enqueue(JsonElement.Parse(line));
        }
    }
}
