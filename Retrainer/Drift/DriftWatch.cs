using Microsoft.Extensions.Options;
using TicketAspire.Contracts;
using TicketAspire.Retrainer.Triggers;
using TicketAspire.ServiceDefaults.Logging;
using TicketAspire.ServiceDefaults.Telemetry.Rollups;
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

    private static readonly string[] Series =
        [RollupSeries.Predictions.Name, RollupSeries.Confidences.Name, RollupSeries.UnknownWords.Name, RollupSeries.Feedback.Name];

    /// <summary>Looks at all classifiers.</summary>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        var champions = await models.ChampionsAsync(cancellation);
        var now = time.GetUtcNow();
        var due = new List<ModelInfo>();
        foreach (var champion in champions.Values)
        {
            var report = await drift.FindAsync(champion.Classifier, cancellation);
            if (report?.Model != champion.Version || now - report.At >= options.Value.Every * Fresh)
            {
                due.Add(champion);
            }
        }

        if (due.Count == 0)
        {
            return;
        }

        var span = options.Value.Window <= TimeSpan.FromHours(2) ? RollupSpan.Minute
            : options.Value.Window <= RollupSpan.TenMinutes.Kept ? RollupSpan.TenMinutes : RollupSpan.Hour;
        var from = span.Begin(now - options.Value.Window);
        var measured = await rollups.ReadAsync(span, from, now, Series, cancellation);
        foreach (var champion in due)
        {
            var report = DriftComparison.Of(champion, measured, from, now, options.Value);
            if (await drift.SaveAsync(report, cancellation))
            {
                Log(report);
            }

            if (report.State == DriftState.Drifted && options.Value.Retrain)
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

    private async Task RetrainAsync(DriftReport report, CancellationToken cancellation)
    {
        if (await classifiers.FindAsync(report.Classifier, cancellation) is { } classifier
            && await news.AnyAsync(classifier, cancellation)
            && await runs.RequestForDriftAsync(report.Classifier, report.Model, cancellation) is { } run)
        {
            LogRetraining(logger, report.Classifier, run.Id);
        }
    }

    private void Log(DriftReport report)
    {
        if (report.State == DriftState.Drifted)
        {
            var drifted = report.Measures.Where(measure => measure.State == DriftState.Drifted).Select(measure => $"{measure.Name} {measure.Value:F2}");
            LogDrifted(logger, report.Classifier, report.Model, string.Join(", ", drifted));
        }
        else
        {
            LogOver(logger, report.Classifier, report.Model, report.State);
        }
    }

    [LoggerMessage(EventId = 1, EventName = EcsActions.Drift, Level = LogLevel.Warning, Message = "{Classifier}: what comes in has drifted from what version {Version} was measured on: {Measures}")]
    private static partial void LogDrifted(ILogger logger, string classifier, int version, string measures);

    [LoggerMessage(EventId = 2, EventName = EcsActions.DriftOver, Level = LogLevel.Information, Message = "{Classifier}: no drift any more, for version {Version}: {Drift}")]
    private static partial void LogOver(ILogger logger, string classifier, int version, DriftState drift);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Classifier}: run {Run} is asked for because of drift")]
    private static partial void LogRetraining(ILogger logger, string classifier, long run);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Drift cannot be looked for at the moment: {Exception} {Problem}")]
    private static partial void LogUnreachable(ILogger logger, string exception, string problem);
}
