using Microsoft.Extensions.Configuration;

namespace TicketAspire.ServiceDefaults.Logging;

/// <summary>Where logs are sent in the Elastic Common Schema.</summary>
/// <param name="Url"><c>Logstash:Url</c>: the address of an <c>http</c> input with the codec <c>json_lines</c>.</param>
/// <param name="Buffer"><c>Logstash:Buffer</c>: how many entries may wait while it is away.</param>
internal sealed record LogstashSettings(Uri Url, int Buffer)
{
    private const int BufferDefault = 10_000;

    /// <summary>Reads the settings; null if logs go nowhere.</summary>
    /// <exception cref="InvalidOperationException">The address is none.</exception>
    public static LogstashSettings? Read(IConfiguration configuration) =>
        configuration["Logstash:Url"] is not { Length: > 0 } url ? null
        : Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new LogstashSettings(address, Math.Max(1, configuration.GetValue("Logstash:Buffer", BufferDefault)))
            : throw new InvalidOperationException($"Logstash:Url is '{url}'; it must be an address (http://localhost:8080).");
}
