using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace TicketAspire.ServiceDefaults.Telemetry;

/// <summary>
/// Puts the text of tickets into traces where that is switched on (<c>Telemetry:TicketText</c>); it is personal data, so the
/// default is off, and what is plainly somebody's is masked even then.
/// </summary>
public sealed class TextTracing(IConfiguration configuration)
{
    private readonly bool _on = configuration.GetValue("Telemetry:TicketText", defaultValue: false);

    /// <summary>Adds the text to the present span.</summary>
    public void Add(string text)
    {
        if (_on && Activity.Current is { IsAllDataRequested: true } span)
        {
            span.SetTag(Traces.Text, Masking.Mask(text));
        }
    }
}
