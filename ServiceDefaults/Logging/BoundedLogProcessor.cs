using OpenTelemetry;
using OpenTelemetry.Logs;
using TicketAspire.ServiceDefaults.Telemetry;

namespace TicketAspire.ServiceDefaults.Logging;

/// <summary>OpenTelemetry's batch processor, which counts what it has no room for: the caller never waits.</summary>
internal sealed class BoundedLogProcessor : BatchLogRecordExportProcessor
{
    private const string Buffer = "logs";
    private const int BatchSize = 512;
    private const int BatchMilliseconds = 1_000;

    private readonly Measures _measures;
    private readonly int _room;
    private int _waiting;

    public BoundedLogProcessor(LogstashExporter exporter, LogstashSettings settings, Measures measures)
        : base(exporter, settings.Buffer, BatchMilliseconds, exporterTimeoutMilliseconds: 30_000, Math.Min(BatchSize, settings.Buffer))
    {
        (_measures, _room) = (measures, settings.Buffer);
        exporter.Ended = count => Interlocked.Add(ref _waiting, -count);
        exporter.GivenUp = count => measures.HasDropped(Buffer, count);
    }

    /// <inheritdoc/>
    public override void OnEnd(LogRecord data)
    {
        if (Interlocked.Increment(ref _waiting) > _room)
        {
            Interlocked.Decrement(ref _waiting);
            _measures.HasDropped(Buffer, 1);
            return;
        }

        base.OnEnd(data);
    }
}
