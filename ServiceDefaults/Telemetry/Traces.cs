using System.Diagnostics;

namespace TicketAspire.ServiceDefaults.Telemetry;

/// <summary>
/// The source of a service's own spans, beside those that .NET makes of requests. Each service has one of its own, for several
/// may run in one process.
/// </summary>
public sealed class Traces : IDisposable
{
    /// <summary>The classifier, as a span's attribute; the same name as a measure's.</summary>
    public const string Classifier = MeasureTags.Classifier;

    /// <summary>The ticket's text, masked; only where <c>Telemetry:TicketText</c> is on.</summary>
    public const string Text = "ticketaspire.text";

    /// <summary>The source.</summary>
    public ActivitySource Source { get; } = new(Measures.Name);

    /// <summary>Begins a span that is nobody's child, as work does that nobody waits for; null if nobody listens.</summary>
    /// <param name="name">What is done, without variable parts.</param>
    public Activity? Begin(string name)
    {
        Activity.Current = null;
        return Source.StartActivity(name, ActivityKind.Internal, parentContext: default);
    }

    /// <inheritdoc/>
    public void Dispose() => Source.Dispose();
}
