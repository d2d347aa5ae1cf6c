using System.Diagnostics;
using OpenTelemetry;

namespace TicketAspire.ServiceDefaults.Telemetry;

/// <summary>
/// Exports the spans of one service: those that began in it, by the sources that are its own, and what they led to. In a
/// process with several services every provider is told of every span. Health checks are left out: they say nothing.
/// </summary>
internal sealed class OwnActivities(BaseExporter<Activity> exporter, IReadOnlyCollection<ActivitySource> own)
    : BatchActivityExportProcessor(exporter)
{
    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        var root = data;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        if (own.Contains(root.Source) && !HealthPaths.Contains(root.GetTagItem("url.path") as string))
        {
            base.OnEnd(data);
        }
    }
}
