using TicketAspire.Classifier;
using TicketAspire.Contracts;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.Runs;

/// <summary>
/// Tells the store how far a run is and keeps its lease. The work reports as often as it likes; what is written is the
/// latest, a few times a second at most.
/// </summary>
internal sealed class RunProgress : IProgress<TrainingProgress>, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _reporting;
    private readonly StageTimes _stages;
    private volatile Step _latest = new(RunStage.Gathering, 0);

    private RunProgress(
        long run, string owner, TimeSpan lease, IRunStore runs, StageTimes stages, TimeProvider time, CancellationToken stopping)
    {
        _stages = stages;
        stages.Enter(RunStage.Gathering);
        _lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _reporting = ReportAsync(run, owner, lease, runs, time);
    }

    /// <summary>Cancelled when the run is another's, or the service stops: the work must end and not publish.</summary>
    public CancellationToken Cancellation => _lost.Token;

    /// <summary>Begins reporting.</summary>
    public static RunProgress Start(
        long run, string owner, TimeSpan lease, IRunStore runs, StageTimes stages, TimeProvider time, CancellationToken stopping) =>
        new(run, owner, lease, runs, stages, time, stopping);

    /// <summary>Enters a stage.</summary>
    public void Enter(RunStage stage, double done = 0)
    {
        _stages.Enter(stage);
        var (start, end) = Span(stage);
        _latest = new Step(stage, start + (done * (end - start)));
    }

    /// <inheritdoc/>
    public void Report(TrainingProgress value) => Enter(
        value.Stage switch
        {
            TrainingStage.Features => RunStage.Features,
            TrainingStage.Training => RunStage.Training,
            _ => RunStage.Calibrating,
        },
        value.Done);

    /// <summary>Ends the reporting with the latest step; nothing is written afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _reporting;
        _ended.Dispose();
        _lost.Dispose();
    }

    private async Task ReportAsync(long run, string owner, TimeSpan lease, IRunStore runs, TimeProvider time)
    {
        var renewal = lease / 4;
        var reported = time.GetTimestamp();
        Step? written = null;
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                // After the end, too: what is remembered of a run is its last stage, not the last one that a tick met.
                var step = _latest;
                if (step != written || time.GetElapsedTime(reported) >= renewal)
                {
                    var owned = await TryReportAsync(run, owner, step, lease, runs);
                    if (owned == true)
                    {
                        written = step;
                        reported = time.GetTimestamp();
                    }
                    else if (owned == false)
                    {
                        await _lost.CancelAsync();
                        return;
                    }
                    else if (_ended.IsCancellationRequested)
                    {
                        // The store is away and the work done: what comes of it is published, or not, without this.
                        return;
                    }
                }
            }
            while (await NextAsync(timer) || _latest != written);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            await _lost.CancelAsync();
        }
    }

    // Null if the store cannot be reached: the run is ours until the store says otherwise.
    private static async Task<bool?> TryReportAsync(long run, string owner, Step step, TimeSpan lease, IRunStore runs)
    {
        try
        {
            return await runs.ReportAsync(run, owner, step.Stage, step.Progress, lease, CancellationToken.None);
        }
        catch (StorageException)
        {
            return null;
        }
    }

    private async Task<bool> NextAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_ended.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // What share of a run each stage takes, roughly, as measured: for the progress bar.
    private static (double Start, double End) Span(RunStage stage) => stage switch
    {
        RunStage.Gathering => (0, 0.05),
        RunStage.Features => (0.05, 0.25),
        RunStage.Training => (0.25, 0.85),
        RunStage.Calibrating => (0.85, 0.92),
        RunStage.Evaluating => (0.92, 0.95),
        RunStage.Deciding => (0.95, 0.97),
        _ => (0.97, 1),
    };

    private sealed record Step(RunStage Stage, double Progress);
}
