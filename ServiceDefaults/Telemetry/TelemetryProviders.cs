using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace TicketAspire.ServiceDefaults.Telemetry;

/// <summary>
/// Sends a service's traces and metrics by OTLP from its start to its end. What .NET itself traces and measures (ASP.NET Core,
/// Kestrel, HttpClient, the runtime) goes with our own; no instrumentation package is needed for that.
/// </summary>
internal sealed class TelemetryProviders(
    OtlpSettings settings,
    ResourceBuilder resource,
    IConfiguration configuration,
    IMeterFactory meters,
    ActivitySource requests,
    Traces traces) : IHostedService, IDisposable
{
    private const int MetricIntervalDefault = 60_000;

    /// <summary>
    /// How long what is still to be sent may take at the end, in milliseconds. Short: a collector that is away must not cost a
    /// service its orderly end. Under Aspire the dashboard is stopped with the services, and what has not ended after six seconds is killed.
    /// </summary>
    internal const int EndTime = 1_500;

    private static readonly string[] Meters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting",
        "System.Net.Http", "System.Runtime", Measures.Name,
    ];

    private TracerProvider? _tracing;
    private MeterProvider? _metering;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // The meters' own interval variable is for readers that the SDK makes; ours is made here.
        var interval = configuration.GetValue("OTEL_METRIC_EXPORT_INTERVAL", MetricIntervalDefault);
        _tracing = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(requests.Name, "System.Net.Http", Measures.Name)
            .AddProcessor(new OwnActivities(new OtlpTraceExporter(settings.Options("traces")), [requests, traces.Source]))
            .Build();
        _metering = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(Meters)
            .AddView(instrument => IsOthers(instrument) ? MetricStreamConfiguration.Drop : null)
            .AddReader(new PeriodicExportingMetricReader(new OtlpMetricExporter(settings.Options("metrics")), interval))
            .Build();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Task.Run(() => _tracing?.Shutdown(EndTime), CancellationToken.None), Task.Run(() => _metering?.Shutdown(EndTime), CancellationToken.None));

    /// <inheritdoc/>
    public void Dispose()
    {
        _tracing?.Dispose();
        _metering?.Dispose();
    }

    // Another service's in the same process; those of the process itself have no factory.
    private bool IsOthers(Instrument instrument) => instrument.Meter.Scope is IMeterFactory factory && factory != meters;
}
