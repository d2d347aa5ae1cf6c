using Microsoft.Extensions.Options;
using TicketAspire.Contracts;
using TicketAspire.Retrainer.Runs;
using TicketAspire.Retrainer.StarterData;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.Triggers;

/// <summary>The retrainer's heart: hears of feedback and requests, and works off the runs one after the other.</summary>
internal sealed partial class RetrainingLoop(
    IEventLog events,
    IRunStore runs,
    StarterImport starter,
    ChampionCheck champions,
    FeedbackTrigger trigger,
    RunExecution execution,
    IOptions<RetrainingOptions> options,
    ILogger<RetrainingLoop> logger) : BackgroundService
{
    /// <summary>A change is usually heard of at once; this is for one that was not, and for leases that end.</summary>
    private static readonly TimeSpan PollingTime = TimeSpan.FromSeconds(1);

    /// <summary>Names this retrainer among others, and among its own former lives.</summary>
    private readonly string _owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var changed = EventSignal.Listen(events, CallsForWork, stoppingToken);
        var prepared = false;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    if (!prepared)
                    {
                        await starter.EnsureAsync(stoppingToken);
                        await champions.EnsureAsync(stoppingToken);
                        prepared = true;
                    }

                    await WorkAsync(stoppingToken);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // The store is away, most likely: a run of ours is taken up again when its lease has ended.
                    LogUnreachable(logger, exception.GetType().Name, exception.Message);
                }

                await changed.WaitAsync(PollingTime, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task WorkAsync(CancellationToken cancellation)
    {
        await trigger.CheckAsync(cancellation);
        while (await runs.ClaimAsync(_owner, options.Value.Lease, cancellation) is { } run)
        {
            await execution.ExecuteAsync(run, _owner, cancellation);
            await trigger.CheckAsync(cancellation);
        }
    }

    private static bool CallsForWork(ServiceEvent change) =>
        change.Type is EventTypes.Feedback or EventTypes.Classifier || change is { Type: EventTypes.Run, Run.State: RunState.Queued };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store cannot be used at the moment: {Exception} {Problem}")]
    private static partial void LogUnreachable(ILogger logger, string exception, string problem);
}
