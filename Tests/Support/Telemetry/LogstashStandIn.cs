using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TicketAspire.Tests.Support.Telemetry;

/// <summary>
/// Stands in for Logstash's <c>http</c> input with the codec <c>json_lines</c>, which cannot be started here: it takes a JSON
/// object on each line, and can be told to fail.
/// </summary>
public sealed class LogstashStandIn : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<JsonElement> _entries = [];

    private LogstashStandIn(WebApplication app)
    {
        _app = app;
        app.MapPost("/", TakeAsync);
    }

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public IReadOnlyCollection<JsonElement> Entries => [.. _entries];

    /// <summary>The status that it answers with.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>How many requests it has refused.</summary>
    public int Refused { get; private set; }

    public static async Task<LogstashStandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var logstash = new LogstashStandIn(app);
        await app.StartAsync(HttpCalls.Cancellation);
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
