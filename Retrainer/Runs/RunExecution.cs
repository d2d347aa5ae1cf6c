using Microsoft.Extensions.Options;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Evaluation;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.Runs;

/// <summary>Carries one claimed run through its stages.</summary>
internal sealed partial class RunExecution(
    IClassifierStore classifiers,
    IModelStore models,
    IRunStore runs,
    ExampleGathering gathering,
    ClassifierDefaults defaults,
    IOptions<RetrainingOptions> options,
    TimeProvider time,
    ILogger<RunExecution> logger)
{
    /// <summary>Runs it to its end. A run that cannot succeed ends as failed; a store that is away is the caller's to handle.</summary>
    public async Task ExecuteAsync(RetrainingRun run, string owner, CancellationToken stopping)
    {
        var start = time.GetTimestamp();
        LogStarted(logger, run.Classifier, run.Id, run.Trigger);
        var classifier = await classifiers.FindAsync(run.Classifier, stopping)
            ?? throw new KeyNotFoundException($"The classifier '{run.Classifier}' is gone.");
        RunResult result;
        try
        {
            await using var progress = RunProgress.Start(run.Id, owner, options.Value.Lease, runs, time, stopping);
            result = await TrainAsync(classifier, progress);
        }
        catch (OperationCanceledException)
        {
            // Stopping, or the lease was lost; in the latter case the run is not ours to give back, and this does nothing.
            await runs.ReleaseAsync(run.Id, owner, CancellationToken.None);
            return;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidDataException or KeyNotFoundException)
        {
            LogFailed(logger, run.Classifier, run.Id, exception.Message);
            await runs.FailAsync(run.Id, owner, exception.Message, await MarkAsync(classifier, stopping), stopping);
            return;
        }

        if (await runs.CompleteAsync(run.Id, owner, result, stopping) is { } model)
        {
            LogEnded(logger, run.Classifier, model.Version, model.State, time.GetElapsedTime(start).TotalSeconds, result.Metrics.Accuracy, model.Reason);
        }
    }

    private async Task<RunResult> TrainAsync(ClassifierInfo classifier, RunProgress progress)
    {
        var cancellation = progress.Cancellation;
        var gathered = await gathering.GatherAsync(classifier, cancellation);
        var settings = new TrainingSettings { Level = options.Value.Level, Seed = options.Value.Seed, Threads = options.Value.Threads };
        // Training computes for seconds: off the thread that others wait for.
        var trained = await Task.Run(() => Trainer.Train(gathered.Training, settings, progress, cancellation), cancellation);

        progress.Enter(RunStage.Evaluating);
        var judged = EvaluationReport.Judge(trained.Model, gathered.HoldOut);
        var metrics = Measuring.Of(trained, judged, defaults.TargetPrecision(classifier), defaults.LeastThreshold);

        progress.Enter(RunStage.Deciding);
        var champion = await ChampionAsync(classifier, cancellation);
        var decision = Gate.Decide(champion, trained.Model, judged, gathered, options.Value);

        progress.Enter(RunStage.Publishing);
        return new RunResult
        {
            File = ModelFile.Write(trained.Model),
            Metrics = metrics,
            Lineage = new ModelLineage(
                classifier.Dataset, gathered.FeedbackMark, settings.ToString(), settings.Seed, gathered.Training.Count),
            Promote = decision.Promote,
            Reason = decision.Reason,
        };
    }

    private async Task<(TextClassifier Model, int Version)?> ChampionAsync(ClassifierInfo classifier, CancellationToken cancellation)
    {
        if (classifier.Champion is not { } version)
        {
            return null;
        }

        try
        {
            return (ModelFile.Read(await models.ReadAsync(classifier.Name, version, cancellation)), version);
        }
        catch (InvalidDataException exception)
        {
            // A damaged champion cannot be compared with, and any new model is better.
            LogDamaged(logger, classifier.Name, version, exception.Message);
            return null;
        }
    }

    // A failed run has read all feedback there was: it would fail again on the same.
    private async Task<long> MarkAsync(ClassifierInfo classifier, CancellationToken cancellation) =>
        (await gathering.LatestFeedbackAsync(classifier, cancellation)) ?? classifier.FeedbackSeen;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Classifier}: run {Run} starts ({Trigger})")]
    private static partial void LogStarted(ILogger logger, string classifier, long run, RunTrigger trigger);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Classifier}: version {Version} {State} after {Seconds:F1} s, accuracy {Accuracy:F3}. {Reason}")]
    private static partial void LogEnded(ILogger logger, string classifier, int version, ModelState state, double seconds, double accuracy, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Classifier}: run {Run} failed: {Problem}")]
    private static partial void LogFailed(ILogger logger, string classifier, long run, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Classifier}: champion {Version} cannot be compared with: {Problem}")]
    private static partial void LogDamaged(ILogger logger, string classifier, int version, string problem);
}
