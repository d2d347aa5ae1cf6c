using TicketAspire.Contracts;
using TicketAspire.Storage;

namespace TicketAspire.Standalone;

/// <summary>Shows on the console that the first models are trained, and when the system is ready.</summary>
internal sealed class TrainingConsole(IEventLog events, IClassifierStore classifiers, IRunStore runs)
{
    private readonly Dictionary<long, RunStage> _shown = [];
    private bool _ready;

    /// <summary>Shows it until it is cancelled.</summary>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        try
        {
            // From the beginning of the log's tail: the first run may have begun before we listen.
            var latest = await events.LatestAsync(cancellation);
            await ShowReadyAsync(cancellation);
            await foreach (var change in events.FollowAsync(latest, cancellation))
            {
                if (!_ready && change.Run is { } run)
                {
                    Show(run);
                }

                if (change.Type is EventTypes.Champion or EventTypes.Run)
                {
                    await ShowReadyAsync(cancellation);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The system stops.
        }
    }

    private void Show(RetrainingRun run)
    {
        if (run.State == RunState.Running && run.Stage is { } stage && _shown.GetValueOrDefault(run.Id, (RunStage)(-1)) != stage)
        {
            _shown[run.Id] = stage;
            Console.WriteLine($"  First start, training {run.Classifier}: {stage.ToString().ToLowerInvariant()} ({run.Progress:P0})");
        }
    }

    private async Task ShowReadyAsync(CancellationToken cancellation)
    {
        if (_ready)
        {
            return;
        }

        var all = await classifiers.ListAsync(cancellation);
        var open = await runs.OpenAsync(cancellation);
        _ready = all.Count > 0 && all.All(classifier => classifier.Champion is not null || !open.Any(run => run.Classifier == classifier.Name));
        if (_ready)
        {
            var served = all.Where(classifier => classifier.Champion is not null)
                .Select(classifier => $"{classifier.Name} (version {classifier.Champion}, {classifier.Labels.Count} labels)");
            Console.WriteLine($"Ready: {string.Join(", ", served)}. Ctrl+C stops.");
        }
    }
}
