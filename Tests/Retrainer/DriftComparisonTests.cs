using System.Text.Json;
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
    public void A_model_of_an_earlier_version_of_the_program_has_no_baseline_but_feedback_tells_all_the_same()
    {
        var champion = Champion() with { Metrics = Champion().Metrics with { Baseline = null } };

        Compare(champion, Traffic(100, 300)).ShouldSatisfyAllConditions(
            report => Measure(report, DriftMeasures.Category).State.ShouldBe(DriftState.NoBaseline),
            report => Measure(report, DriftMeasures.Confidence).State.ShouldBe(DriftState.NoBaseline));
        Compare(champion, [.. Traffic(100, 300), .. Judged(agreed: 20, corrected: 80)]).State.ShouldBe(DriftState.Drifted);
    }

    [Fact]
    public void Answers_of_other_classifiers_do_not_count()
    {
        var others = Traffic(0, 1000).Concat(Judged(0, 1000)).Select(rollup => rollup with { Tags = ["intents", .. rollup.Tags.Skip(1)] });

        var report = Compare(Champion(), [.. Traffic(300, 100), .. others]);

        (report.State, report.Predictions, report.Feedback).ShouldBe((DriftState.Stable, 400, 0));
    }

    [Fact]
    public void Answers_of_all_versions_count_together_and_the_champions_alone_besides()
    {
        var report = Compare(Champion(), [.. By(1, Traffic(50, 150)), .. Traffic(hardware: 50, access: 149)]);

        (report.State, report.Predictions, report.Own).ShouldBe((DriftState.Drifted, 399, DriftState.TooFew));
        Compare(Champion(), [.. By(1, Traffic(50, 150)), .. Traffic(hardware: 50, access: 150)]).Own.ShouldBe(DriftState.Drifted);
        Compare(Champion(), [.. By(1, Traffic(100, 900)), .. Traffic(hardware: 300, access: 100)])
            .ShouldSatisfyAllConditions(mixed => mixed.State.ShouldBe(DriftState.Drifted), mixed => mixed.Own.ShouldBe(DriftState.Stable));
    }

    [Fact]
    public void Each_version_is_compared_with_what_it_was_measured_on_itself()
    {
        // The former model was less sure, knew fewer words, and had another category.
        var former = new DriftBaseline
        {
            Categories = new Dictionary<string, int> { ["Access"] = 30, ["Storage"] = 90 }, Confidences = Twentieths(8, 120), UnknownWords = Twentieths(10, 120),
        };
        Rollup[] before =
        [
            .. By(1, Traffic(hardware: 0, access: 100, confidence: 0.4, unknown: 0.5)),
            Counted(RollupSeries.Predictions, 300, "tickets", "Storage", "auto", "1"),
            Counted(RollupSeries.Confidences, 300, "tickets", "1") with { Buckets = Bucket(0.4, 300) },
            Counted(RollupSeries.UnknownWords, 300, "tickets", "1") with { Buckets = Bucket(0.5, 300) },
        ];
        Rollup[] now = Traffic(hardware: 300, access: 100);

        Compare(Champion(), [.. before, .. now], former).ShouldSatisfyAllConditions(
            report => report.State.ShouldBe(DriftState.Stable),
            report => Measure(report, DriftMeasures.Category).Shares.ShouldBe(
                [new DriftShare("Access", 0.25, 0.25), new DriftShare("Hardware", 0.375, 0.375), new DriftShare("Storage", 0.375, 0.375)]));
        // Where it is not known, the champion's stands for it.
        Compare(Champion(), [.. before, .. now]).State.ShouldBe(DriftState.Drifted);
    }

    [Fact]
    public void Feedback_that_disagrees_more_than_the_answers_were_unsure_drifts()
    {
        Agreement(Judged(agreed: 90, corrected: 10)).State.ShouldBe(DriftState.Stable);
        Agreement(Judged(agreed: 60, corrected: 40)).ShouldSatisfyAllConditions(
            measure => measure.State.ShouldBe(DriftState.Drifted),
            measure => measure.Value!.Value.ShouldBe(0.3, 1e-9),
            measure => measure.Shares.ShouldHaveSingleItem().Expected.ShouldBe(0.9, 1e-9),
            measure => measure.Shares[0].Actual.ShouldBe(0.6));
        Agreement(Judged(agreed: 10, corrected: 39)).State.ShouldBe(DriftState.TooFew);
    }

    [Fact]
    public void Feedback_on_doubtful_tickets_agrees_less_often_than_the_model_is_right_and_that_is_no_drift()
    {
        // The accuracy over all tickets is 0.9.
        Agreement(Judged(agreed: 220, corrected: 180, confidence: 0.55)).State.ShouldBe(DriftState.Stable);
        Agreement(Judged(agreed: 120, corrected: 280, confidence: 0.55)).State.ShouldBe(DriftState.Drifted);
        // Half of them were sure: 0.75 was to be expected.
        Agreement([.. Judged(agreed: 95, corrected: 5, confidence: 0.95), .. Judged(agreed: 55, corrected: 45, confidence: 0.55)])
            .Value!.Value.ShouldBe(0, 1e-9);
    }

    [Fact]
    public void A_difference_in_agreement_that_chance_explains_is_no_drift()
    {
        // Sixteen points less, of few; and of many.
        Agreement(Judged(agreed: 17, corrected: 33, confidence: 0.5)).ShouldSatisfyAllConditions(
            measure => measure.State.ShouldBe(DriftState.Stable), measure => measure.Limit!.Value.ShouldBe(3.0902 * Math.Sqrt(0.25 / 50), 1e-9));
        Agreement(Judged(agreed: 340, corrected: 660, confidence: 0.5)).State.ShouldBe(DriftState.Drifted);
    }

    [Fact]
    public void Feedback_on_what_a_former_model_answered_is_none_on_the_champion()
    {
        var report = Compare(Champion(), [.. Traffic(300, 100), .. By(1, Judged(agreed: 10, corrected: 90))]);

        (report.Feedback, report.State, report.Own).ShouldBe((100, DriftState.Drifted, DriftState.Stable));
    }

    [Fact]
    public void Feedback_of_which_nobody_knows_how_sure_the_answer_was_does_not_enter()
    {
        var report = Compare(Champion(), [Counted(RollupSeries.Feedback, 500, "tickets", "false"), Counted(RollupSeries.Feedback, 500, "tickets", "")]);

        (report.Feedback, report.State).ShouldBe((0, DriftState.TooFew));
    }

    [Fact]
    public void A_report_of_an_earlier_version_of_the_program_can_be_read()
    {
        var report = JsonSerializer.Deserialize(
            """
            {"classifier":"tickets","model":3,"at":"2026-03-04T05:00:00+00:00","from":"2026-03-03T05:00:00+00:00","state":"drifted","threshold":0.25,
            "predictions":300,"least":200,"feedback":60,"measures":[{"name":"agreement","state":"drifted","value":0.3,"limit":0.1,
            "shares":[{"label":"agreed","expected":0.9,"actual":0.6}]}]}
            """,
            ContractsJson.Default.DriftReport)!;

        (report.State, report.Own, report.Feedback).ShouldBe((DriftState.Drifted, null, 60));
    }

    [Theory]
    [InlineData(0, 200, 24)]
    [InlineData(double.NaN, 200, 24)]
    [InlineData(0.25, 0, 24)]
    [InlineData(0.25, 200, 0)]
    [InlineData(0.25, 200, 800)]
    public void Settings_that_make_no_sense_are_refused(double threshold, int least, int hours) =>
        Should.Throw<InvalidOperationException>(() =>
            new DriftOptions { Threshold = threshold, Least = least, Window = TimeSpan.FromHours(hours) }.Checked()).Message.ShouldContain("Drift:");

    private static DriftReport Compare(ModelInfo champion, IReadOnlyList<Rollup> rollups, DriftBaseline? former = null) =>
        DriftComparison.Of(
            champion, new Dictionary<int, DriftBaseline>(former is null ? [] : [new(1, former)]), rollups, Now.AddDays(-1), Now, Options);

    private static DriftMeasure Agreement(IReadOnlyList<Rollup> judged) => Measure(Compare(Champion(), judged), DriftMeasures.Agreement);

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

    private static Rollup[] Judged(int agreed, int corrected, double confidence = 0.9) =>
    [
        Counted(RollupSeries.JudgedConfidences, agreed, "tickets", "true", "2") with { Sum = agreed * confidence, Buckets = Bucket(confidence, agreed) },
        Counted(RollupSeries.JudgedConfidences, corrected, "tickets", "false", "2") with { Sum = corrected * confidence, Buckets = Bucket(confidence, corrected) },
    ];

    // The same, of another version.
    private static IEnumerable<Rollup> By(int version, Rollup[] rollups) =>
        rollups.Select(rollup => rollup with { Tags = [.. rollup.Tags.SkipLast(1), $"{version}"] });

    private static Dictionary<int, long> Bucket(double value, int count) => new() { [RollupBuckets.Fractions.Of(value)] = count };

    private static Rollup Counted(RollupSeries series, int count, params string[] tags) =>
        new() { At = Now.AddHours(-1), Series = series.Name, Tags = tags, Count = count };
}
