using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using TicketAspire.ServiceDefaults.Logging;

namespace TicketAspire.ServiceDefaults.Telemetry;

/// <summary>Registers what a service tells of itself: measures, traces, and logs to where they are wanted.</summary>
internal static class TelemetryRegistration
{
    /// <summary>The version that telemetry names.</summary>
    public static string Version { get; } = typeof(TelemetryRegistration).Assembly.GetName().Version!.ToString(3);

    public static void AddTelemetry(this WebApplicationBuilder builder, string name)
    {
        var configuration = builder.Configuration;
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<Measures>();
        builder.Services.AddSingleton<Traces>();
        builder.Services.AddSingleton<TextTracing>();
        builder.Services.AddSingleton<ActivityLog>();
        builder.Services.AddSingleton<LogProcessors>().AddHostedService(services => services.GetRequiredService<LogProcessors>());
        // Aspire tells replicas apart by the instance that it names; where nobody names one, it is this process.
        var instance = configuration["OTEL_RESOURCE_ATTRIBUTES"]?.Contains("service.instance.id=", StringComparison.Ordinal) == true
            ? null
            : $"{Environment.MachineName}/{name}/{Environment.ProcessId}";
        var resource = ResourceBuilder.CreateDefault().AddService(
            configuration["OTEL_SERVICE_NAME"] ?? name, "ticketaspire", Version, autoGenerateServiceInstanceId: false, instance);
        if (OtlpSettings.Read(configuration) is { } otlp)
        {
            // Requests' spans get their method, address and path only where this is asked for.
            AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
            builder.Services.AddSingleton<IStartupFilter, RequestSpans>();
            builder.Services.AddSingleton(otlp).AddSingleton(resource).AddHostedService<TelemetryProviders>();
            builder.Logging.AddOpenTelemetry(options => options
                .SetResourceBuilder(resource)
                .AddProcessor(services => services.GetRequiredService<LogProcessors>()
                    .Add(new BatchLogRecordExportProcessor(new OtlpLogExporter(otlp.Options("logs"))))));
        }

        if (LogstashSettings.Read(configuration) is { } logstash)
        {
            builder.Services.AddSingleton(logstash).AddSingleton<LogstashExporter>();
            builder.Logging.AddOpenTelemetry(options => options.AddProcessor(services => services.GetRequiredService<LogProcessors>().Add(
                new BoundedLogProcessor(services.GetRequiredService<LogstashExporter>(), logstash, services.GetRequiredService<Measures>()))));
        }

        builder.Services.Configure<OpenTelemetryLoggerOptions>(options => options.IncludeFormattedMessage = true);
    }
}
