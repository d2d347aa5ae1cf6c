using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Logs;
using TicketAspire.ServiceDefaults.Telemetry;

namespace TicketAspire.ServiceDefaults.Logging;

/// <summary>What sends logs elsewhere. At the end it sends what waits, all at the same time, and no longer than it may.</summary>
internal sealed class LogProcessors : IHostedService
{
    private readonly List<BaseProcessor<LogRecord>> _processors = [];

    /// <summary>Adds one and returns it.</summary>
    public BaseProcessor<LogRecord> Add(BaseProcessor<LogRecord> processor)
    {
        lock (_processors)
        {
            _processors.Add(processor);
        }

        return processor;
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_processors)
        {
            // Disposing them without this takes five seconds for each whose receiver is away.
            return Task.WhenAll(_processors.Select(processor => Task.Run(() => processor.Shutdown(TelemetryProviders.EndTime), CancellationToken.None)));
        }
    }
}
