using Microsoft.Extensions.Options;
using TicketAspire.Contracts;
using TicketAspire.Retrainer.Triggers;
using TicketAspire.ServiceDefaults.Logging;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.Drift;

/// <summary>
/// Looks every few minutes, and whenever another model serves, whether what comes in has drifted. Of several retrainers the
/// one that looks first does it for all.
/// </summary>
internal sealed partial class DriftWatch(
    IEventLog events,
    IClassifierStore classifiers,
    IModelStore models,
    IRunStore runs,
    IRollupStore rollups,
    IDriftStore drift,
    News news,
    IOptions<DriftOptions> options,
    TimeProvider time,
    ILogger<DriftWatch> logger) : BackgroundService
{
    /// <summary>A report that is younger than this part of the interval is another retrainer's, and as good.</summary>
    private const double Fresh = 0.8;

    /// <summary>So many runs are looked at for one because of drift: more than there are in a window.</summary>
    private const int RunsRead = 1000;

    /// <summary>Looks at all classifiers.</summary>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        var champions = await models.ChampionsAsync(cancellation);
        var now = time.GetUtcNow();
        var due = new List<(ModelInfo Champion, DriftReport? Before)>();
        foreach (var champion in champions.Values)
        {
            var report = await drift.FindAsync(champion.Classifier, cancellation);
            if (report?.Model != champion.Version || now - report.At >= options.Value.Every * Fresh)
            {
                due.Add((champion, report));
            }
        }

        if (due.Count == 0)
        {
            return;
        }

        var span = options.Value.Window <= TimeSpan.FromHours(2) ? RollupSpan.Minute
            : options.Value.Window <= RollupSpan.TenMinutes.Kept ? RollupSpan.TenMinutes : RollupSpan.Hour;
        var from = span.Begin(now - options.Value.Window);
        var measured = await rollups.ReadAsync(span, from, now, DriftComparison.Series, cancellation);
        foreach (var (champion, before) in due)
        {
            var baselines = await BaselinesAsync(champion, measured, cancellation);
            var report = DriftComparison.Of(champion, baselines, measured, from, now, options.Value);
            if (await drift.SaveAsync(report, cancellation))
            {
                Log(report, before);
            }

            // Answers of former versions stay in the window after a promotion: without the champion's own, each would ask anew.
            if (report is { State: DriftState.Drifted, Own: DriftState.Drifted } && options.Value.Retrain)
            {
                await RetrainAsync(report, cancellation);
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var changed = EventSignal.Listen(events, change => change.Type == EventTypes.Champion, stoppingToken);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    await CheckAsync(stoppingToken);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // The store is away, most likely: the next look finds it.
                    LogUnreachable(logger, exception.GetType().Name, exception.Message);
                }

                await changed.WaitAsync(options.Value.Every, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task<Dictionary<int, DriftBaseline>> BaselinesAsync(ModelInfo champion, IReadOnlyList<Rollup> measured, CancellationToken cancellation)
    {
        var baselines = new Dictionary<int, DriftBaseline>();
        foreach (var version in DriftComparison.Versions(champion.Classifier, measured))
        {
            if (version != champion.Version && (await models.FindAsync(champion.Classifier, version, cancellation))?.Metrics.Baseline is { } baseline)
            {
                baselines.Add(version, baseline);
            }
        }

        return baselines;
    }

    private async Task RetrainAsync(DriftReport report, CancellationToken cancellation)
    {
        // Tickets of another kind stay so after a training: it would ask anew for each champion as soon as that has answered enough.
        if (await classifiers.FindAsync(report.Classifier, cancellation) is { } classifier
            && await news.AnyAsync(classifier, cancellation)
            && !(await runs.ListAsync(report.Classifier, RunsRead, cancellation)).Any(run => run.Trigger == RunTrigger.Drift && run.RequestedAt > report.From)
            && await runs.RequestForDriftAsync(report.Classifier, report.Model, cancellation) is { } run)
        {
            LogRetraining(logger, report.Classifier, run.Id);
        }
    }

    private void Log(DriftReport report, DriftReport? before)
    {
        if (report.State == DriftState.Drifted)
        {
            var drifted = report.Measures.Where(measure => measure.State == DriftState.Drifted).Select(measure => $"{measure.Name} {measure.Value:F2}");
            LogDrifted(logger, report.Classifier, report.Model, string.Join(", ", drifted));
        }
        else if (Unknown(report, before) is { Length: > 0 } unknown)
        {
            LogUnknown(logger, report.Classifier, report.Model, string.Join(", ", unknown));
        }
        else
        {
            LogOver(logger, report.Classifier, report.Model, report.State);
        }
    }

    // What had drifted, and of which too little is known now.
    private static string[] Unknown(DriftReport report, DriftReport? before) =>
    [
        .. report.Measures.Where(measure => measure.State is DriftState.TooFew or DriftState.NoBaseline
            && before?.Measures.Any(one => one.Name == measure.Name && one.State == DriftState.Drifted) == true).Select(measure => measure.Name),
    ];

    [LoggerMessage(EventId = 1, EventName = EcsActions.Drift, Level = LogLevel.Warning, Message = "{Classifier}: what comes in has drifted from what the models were measured on; version {Version} serves: {Measures}")]
    private static partial void LogDrifted(ILogger logger, string classifier, int version, string measures);

    [LoggerMessage(EventId = 2, EventName = EcsActions.DriftOver, Level = LogLevel.Information, Message = "{Classifier}: no drift any more; version {Version} serves: {Drift}")]
    private static partial void LogOver(ILogger logger, string classifier, int version, DriftState drift);

    [LoggerMessage(EventId = 3, EventName = EcsActions.DriftUnknown, Level = LogLevel.Information, Message = "{Classifier}: whether the drift goes on is not known; version {Version} serves; too little came in of late to tell of: {Measures}")]
    private static partial void LogUnknown(ILogger logger, string classifier, int version, string measures);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Classifier}: run {Run} is asked for because of drift")]
    private static partial void LogRetraining(ILogger logger, string classifier, long run);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Drift cannot be looked for at the moment: {Exception} {Problem}")]
    private static partial void LogUnreachable(ILogger logger, string exception, string problem);
}
