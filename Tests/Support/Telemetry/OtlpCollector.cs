using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace TicketAspire.Tests.Support.Telemetry;

/// <summary>
/// Takes OTLP over HTTP and decodes it by the numbers of opentelemetry-proto (opentelemetry/proto/*/v1): what any collector
/// would understand.
/// </summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private readonly ConcurrentQueue<CollectedSpan> _spans = [];
    private readonly ConcurrentQueue<CollectedPoint> _points = [];
    private readonly ConcurrentQueue<CollectedLog> _logs = [];

    private WebApplication _app = null!;

    private OtlpCollector()
    {
    }

    public IReadOnlyCollection<CollectedSpan> Spans => [.. _spans];

    public IReadOnlyCollection<CollectedPoint> Points => [.. _points];

    public IReadOnlyCollection<CollectedLog> Logs => [.. _logs];

    /// <summary>The settings that send a service's telemetry here.</summary>
    public string[] Settings =>
    [
        $"--OTEL_EXPORTER_OTLP_ENDPOINT={_app.Urls.First()}",
        "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
    ];

    public static async Task<OtlpCollector> StartAsync()
    {
        var collector = new OtlpCollector();
        collector._app = await StandInServer.StartAsync(app =>
        {
            app.MapPost("/v1/traces", request => TakeAsync(request, collector.TakeSpans));
            app.MapPost("/v1/metrics", request => TakeAsync(request, collector.TakeMetrics));
            app.MapPost("/v1/logs", request => TakeAsync(request, collector.TakeLogs));
        });
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task TakeAsync(HttpContext context, Action<ProtobufMessage> take)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        take(new ProtobufMessage(body.ToArray()));
        context.Response.ContentType = "application/x-protobuf";
    }

    private void TakeSpans(ProtobufMessage request)
    {
        foreach (var (service, scope, span) in All(request))
        {
            _spans.Enqueue(new CollectedSpan(
                service, scope, span.Text(5), span.Hex(1), span.Hex(2), span.Hex(4), Attributes(span, 9), [.. span.Messages(13).Select(link => link.Hex(1))]));
        }
    }

    private void TakeMetrics(ProtobufMessage request)
    {
        foreach (var (service, _, metric) in All(request))
        {
            var (name, unit) = (metric.Text(1), metric.Text(3));
            // Gauge and sum have numbers, a histogram has counts.
            foreach (var point in new[] { 5, 7 }.SelectMany(kind => metric.Message(kind).Messages(1)))
            {
                var value = point.Has(4) ? point.Real(4) : (long)point.Number(6);
                _points.Enqueue(new CollectedPoint(service, name, unit, Attributes(point, 7), value));
            }

            foreach (var point in metric.Message(9).Messages(1))
            {
                _points.Enqueue(new CollectedPoint(service, name, unit, Attributes(point, 9), point.Number(4)));
            }
        }
    }

    private void TakeLogs(ProtobufMessage request)
    {
        foreach (var (service, scope, log) in All(request))
        {
            _logs.Enqueue(new CollectedLog(service, scope, log.Message(5).Text(1), log.Hex(9), Attributes(log, 6)));
        }
    }

    // The three signals are wrapped alike: by resource, then by scope.
    private static IEnumerable<(string Service, string Scope, ProtobufMessage Item)> All(ProtobufMessage request) =>
        from resource in request.Messages(1)
        let service = Attributes(resource.Message(1), 1)["service.name"]
        from scope in resource.Messages(2)
        from item in scope.Messages(2)
        select (service, scope.Message(1).Text(1), item);

    private static Dictionary<string, string> Attributes(ProtobufMessage message, int field)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var attribute in message.Messages(field))
        {
            var value = attribute.Message(2);
            attributes[attribute.Text(1)] =
                value.Has(2) ? value.Number(2) == 1 ? "true" : "false"
                : value.Has(3) ? ((long)value.Number(3)).ToString(CultureInfo.InvariantCulture)
                : value.Has(4) ? value.Real(4).ToString(CultureInfo.InvariantCulture)
                : value.Text(1);
        }

        return attributes;
    }
}

/// <summary>A span as it came; ids in hexadecimal digits, <paramref name="Parent"/> empty for none.</summary>
public sealed record CollectedSpan(
    string Service, string Scope, string Name, string Trace, string Id, string Parent, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<string> LinkedTraces);

/// <summary>One series' value: the number, or how many values a histogram has.</summary>
public sealed record CollectedPoint(string Service, string Name, string Unit, IReadOnlyDictionary<string, string> Attributes, double Value);

/// <summary>A log entry as it came.</summary>
public sealed record CollectedLog(string Service, string Category, string Body, string Trace, IReadOnlyDictionary<string, string> Attributes);
