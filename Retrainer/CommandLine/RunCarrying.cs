using Microsoft.Extensions.Options;
using TicketAspire.Contracts;
using TicketAspire.Retrainer.Runs;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary>
/// Sees one run to its end: carries it out in this process, or watches another retrainer that was quicker. If that one stops
/// in the middle, the run that takes the place is the one to see to its end.
/// </summary>
internal sealed class RunCarrying(
    IRunStore runs, IEventLog events, RunExecution execution, IOptions<RetrainingOptions> options)
{
    /// <summary>A change is usually heard of at once; this is for leases that end.</summary>
    private static readonly TimeSpan PollingTime = TimeSpan.FromSeconds(1);

    /// <summary>Names this process among the retrainers.</summary>
    private readonly string _owner = $"{Environment.MachineName}/{Environment.ProcessId}/command-line/{Guid.NewGuid():N}";

    /// <summary>Sees it to its end.</summary>
    /// <param name="run">A run that was asked for.</param>
    /// <param name="carryOut">False only watches.</param>
    /// <param name="report">Hears how much is done, 0 to 1 or unknown, and the stage.</param>
    /// <param name="cancellation">Gives up; a run that is at work here is given back.</param>
    /// <returns>The run as it ended.</returns>
    public async Task<RetrainingRun> FinishAsync(
        RetrainingRun run, bool carryOut, Action<double?, string> report, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var changed = EventSignal.Listen(events, change => change.Run?.Classifier == run.Classifier, end.Token);
        var work = Task.CompletedTask;
        try
        {
            while (true)
            {
                if (work.IsCompleted)
                {
                    await work;
                }

                run = await LatestAsync(run, cancellation);
                if (run.EndedAt is null)
                {
                    report(run.State == RunState.Running ? run.Progress : null, Stage(run, carryOut));
                }
                else if (work.IsCompleted)
                {
                    return run;
                }

                if (carryOut && work.IsCompleted
                    && await runs.ClaimAsync(_owner, run.Classifier, options.Value.Lease, options.Value.Backoff, cancellation) is { } claimed)
                {
                    run = claimed;
                    work = execution.ExecuteAsync(claimed, _owner, cancellation);
                }

                await changed.WaitAsync(PollingTime, cancellation);
            }
        }
        finally
        {
            await end.CancelAsync();
            // After Ctrl+C, too: it gives the run back.
            await work;
        }
    }

    private async Task<RetrainingRun> LatestAsync(RetrainingRun run, CancellationToken cancellation)
    {
        var now = await runs.FindAsync(run.Id, cancellation) ?? run;
        if (now.State != RunState.Interrupted)
        {
            return now;
        }

        var open = await runs.OpenAsync(cancellation);
        return open.FirstOrDefault(other => other.Classifier == run.Classifier && other.Id > run.Id) ?? now;
    }

    private static string Stage(RetrainingRun run, bool carryOut) =>
        run.Stage is { } stage ? stage.Word
        : run.State == RunState.Running ? "starting"
        : carryOut ? "waiting for its turn"
        : "waiting for a retrainer to take it";
}
