using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Telemetry.Rollups;
using TicketAspire.Storage;

namespace TicketAspire.Api.Operations;

/// <summary>Puts together how the system and one of its classifiers have done.</summary>
internal sealed class OperationsReporting(IRollupStore rollups, IRunStore runs, IModelStore models, IDriftStore drift)
{
    private const string Api = "api";
    private const int RunsReadFirst = 100;
    private const int ReadMore = 4;

    private static readonly string[] Names = [.. RollupSeries.All.Select(series => series.Name)];

    /// <summary>Puts it together.</summary>
    public async Task<OperationsReport> ReportAsync(string classifier, OperationsRange range, CancellationToken cancellation)
    {
        var measured = await rollups.ReadAsync(range.Span, range.From, range.To, Names, cancellation);

        // The first tag is the classifier, or else the service.
        MeasuredSeries Of(RollupSeries series, string first, Func<Rollup, bool>? meant = null) => new(
            series, measured.Where(rollup => rollup.Series == series.Name && rollup.Tags[0] == first && (meant is null || meant(rollup))), range);

        return new OperationsReport
        {
            Classifier = classifier,
            From = range.From,
            To = range.To,
            Step = (int)range.Step.TotalSeconds,
            Times = range.Times,
            Requests = Requests(Of(RollupSeries.Requests, Api)),
            Predictions = Predictions(
                Of(RollupSeries.Predictions, classifier), Of(RollupSeries.Confidences, classifier), Of(RollupSeries.PredictionDurations, classifier)),
            Feedback = Feedback(Of(RollupSeries.Feedback, classifier)),
            Runs = new RunFigures
            {
                Outcomes = Outcomes(await RunsAsync(classifier, range.From, cancellation), range),
                Stages =
                [
                    .. Enum.GetValues<RunStage>()
                        .Select(stage => (stage, Whole: Of(RollupSeries.Stages, classifier, rollup => rollup.Tags[1] == stage.Word).Whole()))
                        .Where(one => one.Whole is not null)
                        .Select(one => new StageFigures(one.stage, one.Whole!.Value.Count, one.Whole.Value.Mean, one.Whole.Value.P95)),
                ],
            },
            Champions = await models.ServiceTimesAsync(classifier, range.From, range.To, cancellation),
            Dropped = new MeasuredSeries(
                RollupSeries.Dropped, measured.Where(rollup => rollup.Series == RollupSeries.Dropped.Name), range).CountsBy(1),
            Drift = await drift.FindAsync(classifier, cancellation),
        };
    }

    // The newest come first: more of them are read until they reach back far enough. Runs end in the order in which they were
    // asked for. The row that the history has of a model from elsewhere is no training.
    private async Task<RetrainingRun[]> RunsAsync(string classifier, DateTimeOffset from, CancellationToken cancellation)
    {
        for (var limit = RunsReadFirst; ; limit *= ReadMore)
        {
            var read = await runs.ListAsync(classifier, limit, cancellation);
            if (read.Count < limit || read[^1].EndedAt < from)
            {
                return [.. read.Where(run => run.Trigger != RunTrigger.Upload)];
            }
        }
    }

    private static RequestFigures Requests(MeasuredSeries requests)
    {
        return new RequestFigures
        {
            Count = requests.Counts(),
            Refused = requests.Counts(rollup => Status(rollup) is ['4', ..]),
            Failed = requests.Counts(rollup => Status(rollup) is ['5', ..]),
            P50 = requests.Quantiles(0.5),
            P95 = requests.Quantiles(0.95),
            P99 = requests.Quantiles(0.99),
        };

        static string Status(Rollup rollup) => rollup.Tags[3];
    }

    private static PredictionFigures Predictions(MeasuredSeries predictions, MeasuredSeries confidences, MeasuredSeries durations) => new()
    {
        Count = predictions.Counts(),
        Routed = predictions.Counts(rollup => rollup.Tags[2] == Routes.Auto),
        Categories = predictions.CountsBy(1),
        MeanConfidence = confidences.Means(),
        Confidences = confidences.Buckets(),
        P95 = durations.Quantiles(0.95),
    };

    private static FeedbackFigures Feedback(MeasuredSeries feedback) => new()
    {
        Agreed = feedback.Counts(rollup => rollup.Tags[1] == "true"),
        Corrected = feedback.Counts(rollup => rollup.Tags[1] == "false"),
        Unjudging = feedback.Counts(rollup => rollup.Tags[1].Length == 0),
    };

    private static CountSeries[] Outcomes(IReadOnlyList<RetrainingRun> runs, OperationsRange range)
    {
        var ended = runs.Select(run => (run.State, Interval: run.EndedAt is { } at ? range.IndexOf(at) : null))
            .Where(run => run.Interval is not null).ToArray();
        return
        [
            .. ended.GroupBy(run => run.State).OrderBy(group => group.Key).Select(group =>
            {
                var counts = new long[range.Count];
                foreach (var (_, interval) in group)
                {
                    counts[interval!.Value]++;
                }

                return new CountSeries(group.Key.Word, counts);
            }),
        ];
    }
}
