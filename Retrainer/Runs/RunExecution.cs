using System.Diagnostics;
using Microsoft.Extensions.Options;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Engines;
using TicketAspire.Classifier.Evaluation;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Logging;
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.ServiceDefaults.Telemetry;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.Runs;

/// <summary>Carries one claimed run through its stages.</summary>
internal sealed partial class RunExecution(
    IClassifierStore classifiers,
    IModelStore models,
    IRunStore runs,
    ExampleGathering gathering,
    EngineTraining training,
    EngineCatalog engines,
    ClassifierDefaults defaults,
    IOptions<RetrainingOptions> options,
    Traces traces,
    Measures measures,
    TimeProvider time,
    ILogger<RunExecution> logger)
{
    /// <summary>Runs it to its end. A run that cannot succeed ends as failed; a store that is away is the caller's to handle.</summary>
    public async Task ExecuteAsync(RetrainingRun run, string owner, CancellationToken stopping)
    {
        var stages = new StageTimes(run.Classifier, measures, time);
        try
        {
            await ExecuteAsync(run, owner, stages, stopping);
        }
        finally
        {
            stages.End();
        }
    }

    private async Task ExecuteAsync(RetrainingRun run, string owner, StageTimes stages, CancellationToken stopping)
    {
        var start = time.GetTimestamp();
        using var span = traces.Begin("retraining run");
        span?.SetTag(MeasureTags.Classifier, run.Classifier).SetTag(MeasureTags.Trigger, run.Trigger.Word).SetTag("ticketaspire.run.id", run.Id);
        LogStarted(logger, run.Classifier, run.Id, run.Trigger);
        var classifier = await classifiers.FindAsync(run.Classifier, stopping)
            ?? throw new KeyNotFoundException($"The classifier '{run.Classifier}' is gone.");
        RunResult result;
        try
        {
            await using var progress = RunProgress.Start(run.Id, owner, options.Value.Lease, runs, stages, time, stopping);
            result = await TrainAsync(classifier, progress);
        }
        catch (OperationCanceledException)
        {
            // Stopping, or the lease was lost; in the latter case the run is not ours to give back, and this does nothing.
            await runs.ReleaseAsync(run.Id, owner, CancellationToken.None);
            if (await runs.FindAsync(run.Id, CancellationToken.None) is { EndedAt: not null } ended)
            {
                Ended(run, ended.State);
            }

            return;
        }
        catch (Exception exception) when (exception is not StorageException)
        {
            await FailAsync(run, owner, classifier, exception, stopping);
            return;
        }

        if (await AskAsync(() => runs.CompleteAsync(run.Id, owner, result, stopping), stopping) is { } model)
        {
            var state = result.Promote ? RunState.Promoted : RunState.Rejected;
            span?.SetTag(MeasureTags.Model, model.Version).SetTag(MeasureTags.Outcome, state.Word);
            Ended(run, state);
            LogEnded(
                logger, run.Classifier, model.Version, state, time.GetElapsedTime(start).TotalSeconds, result.Metrics.Accuracy, run.Trigger, model.Reason);
            await models.PruneAsync(
                run.Classifier, options.Value.KeepModels, time.GetUtcNow() - options.Value.KeepFormer, stopping);
        }
    }

    // From the run to the requests whose feedback it learns.
    private static void Link(IReadOnlyList<string> traces)
    {
        if (Activity.Current is not { } span || span.Links.Any())
        {
            return;
        }

        foreach (var trace in traces)
        {
            if (ActivityContext.TryParse(trace, traceState: null, isRemote: true, out var feedback))
            {
                span.AddLink(new ActivityLink(feedback));
            }
        }
    }

    private Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellation) =>
        StorePatience.AskAsync(ask, options.Value.Lease, time, cancellation);

    private async Task FailAsync(
        RetrainingRun run, string owner, ClassifierInfo classifier, Exception exception, CancellationToken stopping)
    {
        // What is wrong with the examples, or with the choice of the engine, will be wrong the next time, too; anything else
        // may pass.
        var wait = exception is ArgumentException || run.Attempt >= options.Value.Attempts
            ? (TimeSpan?)null
            : options.Value.Backoff.After(run.Attempt);
        LogFailed(logger, run.Classifier, run.Id, RunState.Failed, run.Trigger, exception.GetType().Name, exception.Message);
        if (await runs.FailAsync(run.Id, owner, exception.Message, wait, await MarkAsync(classifier, stopping), stopping))
        {
            Ended(run, RunState.Failed);
        }
    }

    // A run whose retrainer is killed is counted by nobody; the store knows of it.
    private void Ended(RetrainingRun run, RunState state) =>
        measures.EndedRun(run.Classifier, state.Word, run.Trigger.Word);

    // First with all feedback. Where the gate rejects that, and some feedback was set aside before, without it: corrections
    // that are good must not wait for those that are not, and those get their chance again each time.
    private async Task<RunResult> TrainAsync(ClassifierInfo classifier, RunProgress progress)
    {
        var all = await TryAsync(classifier, FeedbackRanges.None, progress);
        var aside = FeedbackRanges.Parse(classifier.SetAside);
        if (all.Promote || aside.IsEmpty)
        {
            return all;
        }

        progress.Enter(RunStage.Gathering);
        var without = await TryAsync(classifier, aside, progress);
        return without with { Reason = $"{without.Reason} (without the feedback that is set aside)" };
    }

    private async Task<RunResult> TryAsync(ClassifierInfo classifier, FeedbackRanges without, RunProgress progress)
    {
        var cancellation = progress.Cancellation;
        var gathered = await AskAsync(() => gathering.GatherAsync(classifier, without, cancellation), cancellation);
        Link(gathered.NewTraces);
        var settings = new TrainingSettings { Level = options.Value.Level, Seed = options.Value.Seed, Threads = options.Value.Threads };
        var engine = training.Engine(classifier);
        var lineage = $"{engine.Describe(settings)} {gathering.Settings(classifier)}";
        var trained = await training.TrainAsync(engine, classifier, gathered, settings, lineage, progress, cancellation);

        progress.Enter(RunStage.Evaluating);
        var judged = EvaluationReport.Judge(trained.Model, gathered.HoldOut);
        var metrics = Measuring.Of(trained.OutOfFold, judged, defaults.TargetPrecision(classifier), defaults.LeastThreshold);

        progress.Enter(RunStage.Deciding);
        // As it is now: a person may have promoted another version since the run began. The next one nobody else takes, for one
        // run of a classifier is at work at a time, and deleted ones are not given again.
        var present = await AskAsync(() => classifiers.FindAsync(classifier.Name, cancellation), cancellation) ?? classifier;
        var decision = Gate.Decide(
            await AskAsync(() => ChampionAsync(present, cancellation), cancellation), (trained.Model, present.LastVersion + 1), judged, gathered, options.Value);

        progress.Enter(RunStage.Publishing);
        return new RunResult
        {
            File = trained.Model.Write(),
            Metrics = metrics,
            Lineage = new ModelLineage(
                classifier.Dataset, gathered.FeedbackMark, lineage, settings.Seed, gathered.Training.Count, without.ToText(), engine.Name),
            Promote = decision.Promote,
            Reason = decision.Reason,
            Decision = decision.Numbers,
        };
    }

    private async Task<Champion> ChampionAsync(ClassifierInfo classifier, CancellationToken cancellation)
    {
        if (classifier.Champion is not { } version)
        {
            return new Champion(null, null);
        }

        try
        {
            return new Champion(version, engines.Read(await models.ReadAsync(classifier.Name, version, cancellation)));
        }
        catch (InvalidDataException exception)
        {
            // A damaged champion cannot be compared with, and any new model is better.
            LogDamaged(logger, classifier.Name, version, exception.Message);
            return new Champion(version, null);
        }
    }

    // A failed run has read all feedback there was: it would fail again on the same.
    private async Task<long> MarkAsync(ClassifierInfo classifier, CancellationToken cancellation) =>
        (await gathering.LatestFeedbackAsync(classifier, cancellation)) ?? classifier.FeedbackSeen;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Classifier}: run {Run} starts ({Trigger})")]
    private static partial void LogStarted(ILogger logger, string classifier, long run, RunTrigger trigger);

    [LoggerMessage(EventId = 1, EventName = EcsActions.Retraining, Level = LogLevel.Information, Message = "{Classifier}: version {Version} {State} after {Seconds:F1} s, accuracy {Accuracy:F3} ({Trigger}). {Reason}")]
    private static partial void LogEnded(
        ILogger logger, string classifier, int version, RunState state, double seconds, double accuracy, RunTrigger trigger, string reason);

    [LoggerMessage(EventId = 2, EventName = EcsActions.RetrainingFailed, Level = LogLevel.Error, Message = "{Classifier}: run {Run} {State} ({Trigger}): {Exception} {Problem}")]
    private static partial void LogFailed(
        ILogger logger, string classifier, long run, RunState state, RunTrigger trigger, string exception, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Classifier}: champion {Version} cannot be compared with: {Problem}")]
    private static partial void LogDamaged(ILogger logger, string classifier, int version, string problem);
}
