using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;

namespace TicketAspire.ServiceDefaults.Telemetry;

/// <summary>
/// Where telemetry goes, as the OpenTelemetry specification names it (opentelemetry.io/docs/specs/otel/protocol/exporter):
/// environment variables, which Aspire sets, or the same keys on the command line.
/// </summary>
/// <param name="Endpoint"><c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</param>
/// <param name="Protocol"><c>OTEL_EXPORTER_OTLP_PROTOCOL</c>: <c>grpc</c> (the default here) or <c>http/protobuf</c>.</param>
/// <param name="Headers"><c>OTEL_EXPORTER_OTLP_HEADERS</c>: <c>key=value,…</c>; may hold a secret.</param>
internal sealed record OtlpSettings(Uri Endpoint, OtlpExportProtocol Protocol, string? Headers)
{
    /// <summary>Reads the settings; null if telemetry goes nowhere.</summary>
    /// <exception cref="InvalidOperationException">The endpoint or the protocol is none.</exception>
    public static OtlpSettings? Read(IConfiguration configuration)
    {
        if (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not { Length: > 0 } endpoint)
        {
            return null;
        }

        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address))
        {
            throw new InvalidOperationException($"OTEL_EXPORTER_OTLP_ENDPOINT is '{endpoint}'; it must be an address (http://localhost:4317).");
        }

        return new OtlpSettings(
            address,
            configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] switch
            {
                null or "" or "grpc" => OtlpExportProtocol.Grpc,
                "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
                var other => throw new InvalidOperationException($"OTEL_EXPORTER_OTLP_PROTOCOL is '{other}'; grpc and http/protobuf are known."),
            },
            configuration["OTEL_EXPORTER_OTLP_HEADERS"]);
    }

    /// <summary>Options for one signal's exporter.</summary>
    /// <param name="signal"><c>traces</c>, <c>metrics</c> or <c>logs</c>: its path over HTTP.</param>
    public OtlpExporterOptions Options(string signal) => new()
    {
        Protocol = Protocol,
        Endpoint = Protocol == OtlpExportProtocol.Grpc ? Endpoint : new Uri($"{Endpoint.ToString().TrimEnd('/')}/v1/{signal}"),
        Headers = Headers,
    };
}
