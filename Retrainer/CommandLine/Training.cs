using TicketAspire.Contracts;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary>Sees a run to its end in front of the caller, and tells what came of it.</summary>
internal static class Training
{
    /// <summary>Sees it to its end and shows how far it is.</summary>
    public static async Task<TrainingOutcome> FinishAsync(
        CommandSession session, RetrainingRun run, bool carryOut, CancellationToken cancellation)
    {
        var ended = await session.Progress.ShowAsync(
            $"Training {run.Classifier}",
            report => session.Get<RunCarrying>().FinishAsync(run, carryOut, report, cancellation));
        return new TrainingOutcome(
            ended, ended.Model is { } version ? await session.Get<IModelStore>().FindAsync(run.Classifier, version, cancellation) : null);
    }

    /// <summary>Tells it in words.</summary>
    /// <returns>The exit code.</returns>
    public static int Tell(CommandSession session, TrainingOutcome outcome)
    {
        var run = outcome.Run;
        if (run.State is not (RunState.Promoted or RunState.Rejected))
        {
            session.Console.Note($"{run.Classifier}: run {run.Id} {run.State.Word}: {run.Reason}");
            return ExitCodes.Failed;
        }

        if (!session.Console.IsJson)
        {
            session.Console.Facts(
            [
                ("outcome", $"{run.Classifier} {run.Model} {run.State.Word}"),
                ("reason", run.Reason),
                .. outcome.Model is { } model ? Figures.Facts(model.Metrics) : [],
                ("lineage", outcome.Model is null ? null : Figures.Full(outcome.Model.Lineage)),
                ("seconds", outcome.Seconds?.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture)),
            ]);
        }

        return run.State == RunState.Promoted ? ExitCodes.Done : ExitCodes.Rejected;
    }
}
