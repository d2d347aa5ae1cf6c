using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Retrainer.Drift;
using TicketAspire.ServiceDefaults.Telemetry.Rollups;
using Xunit;

namespace TicketAspire.Tests.Retrainer;

public sealed class DriftComparisonTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 0, 0, TimeSpan.Zero);

    private static readonly DriftOptions Options = new();

    [Fact]
    public void What_is_as_it_was_is_stable()
    {
        var report = Compare(Champion(), Traffic(hardware: 300, access: 100));

        report.State.ShouldBe(DriftState.Stable);
        (report.Predictions, report.Model, report.At).ShouldBe((400, 2, Now));
        Measure(report, DriftMeasures.Category).ShouldSatisfyAllConditions(
            measure => measure.Value!.Value.ShouldBe(0, 0.01),
            measure => measure.Limit.ShouldBe(0.25),
            measure => measure.Shares.ShouldBe([new DriftShare("Access", 0.25, 0.25), new DriftShare("Hardware", 0.75, 0.75)]));
        Measure(report, DriftMeasures.Agreement).State.ShouldBe(DriftState.TooFew);
    }

    [Fact]
    public void Another_mix_of_categories_drifts_and_a_smaller_difference_is_a_shift()
    {
        Measure(Compare(Champion(), Traffic(hardware: 100, access: 300)), DriftMeasures.Category).State.ShouldBe(DriftState.Drifted);
        Measure(Compare(Champion(), Traffic(hardware: 230, access: 170)), DriftMeasures.Category).State.ShouldBe(DriftState.Shifting);
        Compare(Champion(), Traffic(hardware: 100, access: 300)).State.ShouldBe(DriftState.Drifted);
    }

    [Fact]
    public void Less_confidence_and_more_unknown_words_drift()
    {
        Measure(Compare(Champion(), Traffic(300, 100, confidence: 0.4)), DriftMeasures.Confidence).State.ShouldBe(DriftState.Drifted);
        Measure(Compare(Champion(), Traffic(300, 100, unknown: 0.7)), DriftMeasures.UnknownWords).State.ShouldBe(DriftState.Drifted);
    }

    [Fact]
    public void Too_few_predictions_tell_nothing() =>
        Compare(Champion(), Traffic(hardware: 0, access: 199)).State.ShouldBe(DriftState.TooFew);

    [Fact]
    public void A_model_of_an_earlier_version_has_no_baseline_but_feedback_tells_all_the_same()
    {
        var champion = Champion() with { Metrics = Champion().Metrics with { Baseline = null } };

        Compare(champion, Traffic(100, 300)).ShouldSatisfyAllConditions(
            report => Measure(report, DriftMeasures.Category).State.ShouldBe(DriftState.NoBaseline),
            report => Measure(report, DriftMeasures.Confidence).State.ShouldBe(DriftState.NoBaseline));
        Compare(champion, [.. Traffic(100, 300), .. Heard(agreed: 20, corrected: 80)]).State.ShouldBe(DriftState.Drifted);
    }

    [Fact]
    public void Only_answers_of_the_champion_of_this_classifier_count()
    {
        var others = Traffic(0, 1000).Select(rollup => rollup with { Tags = [.. rollup.Tags.SkipLast(1), "1"] })
            .Concat(Traffic(0, 1000).Select(rollup => rollup with { Tags = ["intents", .. rollup.Tags.Skip(1)] }));

        var report = Compare(Champion(), [.. Traffic(300, 100), .. others]);

        (report.State, report.Predictions).ShouldBe((DriftState.Stable, 400));
    }

    [Fact]
    public void Feedback_that_disagrees_more_than_the_accuracy_allows_drifts()
    {
        Agreement(agreed: 90, corrected: 10).State.ShouldBe(DriftState.Stable);
        Agreement(agreed: 60, corrected: 40).ShouldSatisfyAllConditions(
            measure => measure.State.ShouldBe(DriftState.Drifted),
            measure => measure.Value!.Value.ShouldBe(0.3, 1e-9),
            measure => measure.Shares.ShouldBe([new DriftShare("agreed", 0.9, 0.6)]));
        Agreement(agreed: 10, corrected: 39).State.ShouldBe(DriftState.TooFew);

        static DriftMeasure Agreement(int agreed, int corrected) =>
            Measure(Compare(Champion(), Heard(agreed, corrected)), DriftMeasures.Agreement);
    }

    [Fact]
    public void Feedback_from_before_the_champion_served_is_about_another() =>
        Compare(Champion() with { PromotedAt = Now }, Heard(agreed: 0, corrected: 100)).Feedback.ShouldBe(0);

    [Theory]
    [InlineData(0, 200, 24)]
    [InlineData(double.NaN, 200, 24)]
    [InlineData(0.25, 0, 24)]
    [InlineData(0.25, 200, 0)]
    [InlineData(0.25, 200, 800)]
    public void Settings_that_make_no_sense_are_refused(double threshold, int least, int hours) =>
        Should.Throw<InvalidOperationException>(() =>
            new DriftOptions { Threshold = threshold, Least = least, Window = TimeSpan.FromHours(hours) }.Checked()).Message.ShouldContain("Drift:");

    private static DriftReport Compare(ModelInfo champion, IReadOnlyList<Rollup> rollups) =>
        DriftComparison.Of(champion, rollups, Now.AddDays(-1), Now, Options);

    private static DriftMeasure Measure(DriftReport report, string name) => report.Measures.Single(measure => measure.Name == name);

    // 600 answers: 450 Hardware, 150 Access, all of them sure and of known words.
    private static ModelInfo Champion() => new()
    {
        Classifier = "tickets",
        Version = 2,
        State = ModelState.Champion,
        CreatedAt = Now.AddDays(-3),
        PromotedAt = Now.AddDays(-3),
        Run = 1,
        Lineage = new ModelLineage("d", 0, "s", 1, 1000),
        Size = 1,
        Checksum = "c",
        Reason = "better",
        Metrics = new ModelMetrics
        {
            Examples = 600,
            Accuracy = 0.9,
            MacroF1 = 0.9,
            CalibrationError = 0.01,
            Threshold = 0.6,
            TargetPrecision = 0.95,
            Coverage = 0.8,
            Precision = 0.95,
            Classes = [],
            Confusion = [],
            Baseline = new DriftBaseline
            {
                Categories = new Dictionary<string, int> { ["Access"] = 150, ["Hardware"] = 450 },
                Confidences = Twentieths(18, 600),
                UnknownWords = Twentieths(2, 600),
            },
        },
    };

    private static int[] Twentieths(int bucket, int count)
    {
        var counts = new int[20];
        counts[bucket] = count;
        return counts;
    }

    private static Rollup[] Traffic(int hardware, int access, double confidence = 0.92, double unknown = 0.1) =>
    [
        Counted(RollupSeries.Predictions, hardware, "tickets", "Hardware", "auto", "2"),
        Counted(RollupSeries.Predictions, access, "tickets", "Access", "review", "2"),
        Counted(RollupSeries.Confidences, hardware + access, "tickets", "2") with { Buckets = Bucket(confidence, hardware + access) },
        Counted(RollupSeries.UnknownWords, hardware + access, "tickets", "2") with { Buckets = Bucket(unknown, hardware + access) },
    ];

    private static Rollup[] Heard(int agreed, int corrected) =>
        [Counted(RollupSeries.Feedback, agreed, "tickets", "true"), Counted(RollupSeries.Feedback, corrected, "tickets", "false")];

    private static Dictionary<int, long> Bucket(double value, int count) => new() { [RollupBuckets.Fractions.Of(value)] = count };

    private static Rollup Counted(RollupSeries series, int count, params string[] tags) =>
        new() { At = Now.AddHours(-1), Series = series.Name, Tags = tags, Count = count };
}
