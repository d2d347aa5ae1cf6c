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
    FeedbackTrigger feedback,
    ScheduleTrigger schedule,
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
                var wait = PollingTime;
                try
                {
                    if (!prepared)
                    {
                        await starter.EnsureAsync(stoppingToken);
                        await champions.EnsureAsync(stoppingToken);
                        prepared = true;
                    }

                    wait = await WorkAsync(stoppingToken) is { } sooner && sooner < wait ? sooner : wait;
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // The store is away, most likely: a run of ours is taken up again when its lease has ended.
                    LogUnreachable(logger, exception.GetType().Name, exception.Message);
                }

                await changed.WaitAsync(wait, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    // Resolves to when there is something to do at the latest; null for nothing known of.
    private async Task<TimeSpan?> WorkAsync(CancellationToken cancellation)
    {
        await schedule.CheckAsync(cancellation);
        var again = await feedback.CheckAsync(cancellation);
        while (await runs.ClaimAsync(_owner, options.Value.Lease, options.Value.Backoff, cancellation) is { } run)
        {
            await execution.ExecuteAsync(run, _owner, cancellation);
            again = await feedback.CheckAsync(cancellation);
        }

        return again;
    }

    private static bool CallsForWork(ServiceEvent change) =>
        change.Type is EventTypes.Feedback or EventTypes.Classifier || change is { Type: EventTypes.Run, Run.State: RunState.Queued };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store cannot be used at the moment: {Exception} {Problem}")]
    private static partial void LogUnreachable(ILogger logger, string exception, string problem);
}
