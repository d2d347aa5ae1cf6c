using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Retrainer.Drift;
using TicketAspire.Retrainer.Triggers;
using TicketAspire.ServiceDefaults.Telemetry.Rollups;
using TicketAspire.Storage;
using TicketAspire.Tests.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Retrainer;

/// <summary>What a look at drift comes to over a day of looks and promotions, on a clock that is moved by hand.</summary>
public sealed class DriftWatchTests : IAsyncDisposable
{
    private const string Name = "tickets";
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(5);

    private readonly SqliteSite _site = new();
    private readonly IStores _stores;
    private readonly CapturedLogs _logs = new();
    private readonly LoggerFactory _loggers;

    public DriftWatchTests()
    {
        _stores = _site.Open();
        _loggers = new LoggerFactory([_logs]);
    }

    public async ValueTask DisposeAsync()
    {
        _loggers.Dispose();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task A_new_champion_each_forty_tickets_hides_no_drift()
    {
        await CreateAsync();
        for (var version = 1; version <= 10; version++)
        {
            await PromoteAsync(version);
            await AnswerAsync(version, hardware: 10, access: 30);
            await LookAsync();
        }

        var report = await FindAsync();
        (report.Model, report.Predictions, report.State, report.Own).ShouldBe((10, 400, DriftState.Drifted, DriftState.TooFew));
    }

    [Fact]
    public async Task Feedback_on_what_one_champion_after_another_answered_is_judged_together()
    {
        await CreateAsync();
        for (var version = 1; version <= 6; version++)
        {
            await PromoteAsync(version);
            await JudgeAsync(version, agreed: 3, corrected: 7, confidence: 0.9);
            await LookAsync();
        }

        var report = await FindAsync();
        (report.Feedback, report.State, report.Own).ShouldBe((60, DriftState.Drifted, DriftState.TooFew));
    }

    [Fact]
    public async Task A_promotion_ends_no_alert_and_the_alert_is_told_once()
    {
        await CreateAsync();
        await PromoteAsync(1);
        await AnswerAsync(1, hardware: 100, access: 300);
        await LookAsync();
        await PromoteAsync(2);
        await LookAsync();

        var report = await FindAsync();
        (report.Model, report.State).ShouldBe((2, DriftState.Drifted));
        _logs.All.ShouldHaveSingleItem().Words.ShouldContain("has drifted");
    }

    [Fact]
    public async Task A_champion_asks_for_a_training_only_when_enough_of_its_own_answers_have_drifted_and_once()
    {
        await CreateAsync();
        await PromoteAsync(1);
        await AnswerAsync(1, hardware: 100, access: 300);
        await PromoteAsync(2);
        await GiveFeedbackAsync();
        await AnswerAsync(2, hardware: 50, access: 149);
        await LookAsync(retrain: true);
        (await FindAsync()).State.ShouldBe(DriftState.Drifted);
        (await OpenAsync()).ShouldBeEmpty();

        await AnswerAsync(2, hardware: 0, access: 1);
        await LookAsync(retrain: true);
        (await OpenAsync()).ShouldHaveSingleItem().Trigger.ShouldBe(RunTrigger.Drift);

        // It is no better: the champion has had its run, a day later, too.
        await CompleteAsync(promote: false);
        _site.Time.Advance(TimeSpan.FromHours(25));
        await GiveFeedbackAsync();
        await AnswerAsync(2, hardware: 100, access: 300);
        await LookAsync(retrain: true);
        (await FindAsync()).Own.ShouldBe(DriftState.Drifted);
        (await OpenAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_mix_that_stays_after_a_training_asks_for_another_only_when_the_window_has_passed()
    {
        await CreateAsync();
        await PromoteAsync(1);
        await AnswerAsync(1, hardware: 100, access: 300);
        await GiveFeedbackAsync();
        await LookAsync(retrain: true);
        await CompleteAsync(promote: true);

        await AnswerAsync(2, hardware: 100, access: 300);
        await GiveFeedbackAsync();
        await LookAsync(retrain: true);
        var report = await FindAsync();
        (report.Model, report.State, report.Own).ShouldBe((2, DriftState.Drifted, DriftState.Drifted));
        (await OpenAsync()).ShouldBeEmpty();

        _site.Time.Advance(TimeSpan.FromHours(25));
        await AnswerAsync(2, hardware: 100, access: 300);
        await LookAsync(retrain: true);
        (await OpenAsync()).ShouldHaveSingleItem().Trigger.ShouldBe(RunTrigger.Drift);
    }

    [Fact]
    public async Task A_champion_that_does_well_asks_for_no_training_because_of_former_ones()
    {
        await CreateAsync();
        await PromoteAsync(1);
        await AnswerAsync(1, hardware: 100, access: 900);
        await PromoteAsync(2);
        await AnswerAsync(2, hardware: 225, access: 75);
        await GiveFeedbackAsync();
        await LookAsync(retrain: true);

        var report = await FindAsync();
        (report.State, report.Own).ShouldBe((DriftState.Drifted, DriftState.Stable));
        (await OpenAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_alert_ends_when_the_day_is_as_usual_again()
    {
        await CreateAsync();
        await PromoteAsync(1);
        await AnswerAsync(1, hardware: 100, access: 300);
        await LookAsync();
        _site.Time.Advance(TimeSpan.FromHours(25));
        await AnswerAsync(1, hardware: 300, access: 100);
        await LookAsync();

        (await FindAsync()).State.ShouldBe(DriftState.Stable);
        _logs.All.Last().Words.ShouldContain("no drift any more");
    }

    [Fact]
    public async Task An_alert_of_which_nothing_is_known_any_more_is_not_said_to_be_over()
    {
        await CreateAsync();
        await PromoteAsync(1);
        await AnswerAsync(1, hardware: 100, access: 300);
        await LookAsync();
        _site.Time.Advance(TimeSpan.FromHours(25));
        await AnswerAsync(1, hardware: 3, access: 1);
        await LookAsync();

        (await FindAsync()).State.ShouldBe(DriftState.TooFew);
        _logs.All.Count.ShouldBe(2);
        var words = _logs.All.Last().Words;
        words.ShouldContain("not known");
        words.ShouldContain(DriftMeasures.Category);
        words.ShouldNotContain("no drift");
    }

    private async Task CreateAsync()
    {
        var dataset = await _stores.Datasets.SaveAsync(SmallClassifier.Examples, HttpCalls.Cancellation);
        await _stores.Classifiers.PutAsync(Name, LabelKind.Category, dataset.Hash, HttpCalls.Cancellation);
    }

    private async Task PromoteAsync(int version)
    {
        await _stores.Runs.RequestAsync(Name, RunTrigger.Request, HttpCalls.Cancellation);
        (await CompleteAsync(promote: true)).Version.ShouldBe(version);
    }

    // Carries out the run that waits.
    private async Task<ModelInfo> CompleteAsync(bool promote)
    {
        _site.Time.Advance(TimeSpan.FromSeconds(1));
        var run = (await _stores.Runs.ClaimAsync("trainer", TimeSpan.FromMinutes(1), new RetryBackoff(TimeSpan.Zero, TimeSpan.Zero), HttpCalls.Cancellation))!;
        var classifier = (await _stores.Classifiers.FindAsync(Name, HttpCalls.Cancellation))!;
        var heard = (await _stores.Feedback.ListAsync(Name, null, 1, HttpCalls.Cancellation)).Items;
        return (await _stores.Runs.CompleteAsync(
            run.Id,
            "trainer",
            new RunResult
            {
                File = new byte[] { 1 },
                Metrics = new ModelMetrics
                {
                    Examples = 600, Accuracy = 0.9, MacroF1 = 0.9, CalibrationError = 0.01, Threshold = 0.6, TargetPrecision = 0.95, Coverage = 0.8,
                    Precision = 0.95, Classes = [], Confusion = [],
                    Baseline = new DriftBaseline
                    {
                        Categories = new Dictionary<string, int> { ["Access"] = 150, ["Hardware"] = 450 },
                        Confidences = [.. Enumerable.Range(0, 20).Select(bucket => bucket == 18 ? 600 : 0)],
                        UnknownWords = [.. Enumerable.Range(0, 20).Select(bucket => bucket == 2 ? 600 : 0)],
                    },
                },
                Lineage = new ModelLineage(classifier.Dataset, heard.Count > 0 ? heard[0].Id : 0, "settings", 1, 1),
                Promote = promote,
                Reason = "measured",
            },
            HttpCalls.Cancellation))!;
    }

    private Task<FeedbackEntry> GiveFeedbackAsync() => _stores.Feedback.AddAsync(
        new FeedbackEntry { Id = 0, Classifier = Name, Text = "it jams", Label = SmallClassifier.Printer, At = _site.Time.GetUtcNow() },
        idempotencyKey: null,
        HttpCalls.Cancellation);

    private Task AnswerAsync(int version, int hardware, int access) => _stores.Rollups.AddAsync(
        [.. Counted(RollupSeries.Predictions, hardware, Name, "Hardware", Routes.Auto, $"{version}"), .. Counted(RollupSeries.Predictions, access, Name, "Access", Routes.Auto, $"{version}")],
        HttpCalls.Cancellation);

    private Task JudgeAsync(int version, int agreed, int corrected, double confidence) => _stores.Rollups.AddAsync(
        [
            .. Counted(RollupSeries.JudgedConfidences, agreed, Name, "true", $"{version}").Select(rollup => rollup with { Sum = agreed * confidence }),
            .. Counted(RollupSeries.JudgedConfidences, corrected, Name, "false", $"{version}").Select(rollup => rollup with { Sum = corrected * confidence }),
        ],
        HttpCalls.Cancellation);

    private IEnumerable<Rollup> Counted(RollupSeries series, int count, params string[] tags) => count == 0 ? [] :
        [new Rollup { At = RollupSpan.Minute.Begin(_site.Time.GetUtcNow()), Series = series.Name, Tags = tags, Count = count }];

    private async Task LookAsync(bool retrain = false)
    {
        _site.Time.Advance(Look);
        using var watch = new DriftWatch(
            _stores.Events, _stores.Classifiers, _stores.Models, _stores.Runs, _stores.Rollups, _stores.Drift, new News(_stores.Feedback, _stores.Models),
            Options.Create(new DriftOptions { Every = Look, Retrain = retrain }), _site.Time, new Logger<DriftWatch>(_loggers));
        await watch.CheckAsync(HttpCalls.Cancellation);
    }

    private async Task<DriftReport> FindAsync() => (await _stores.Drift.FindAsync(Name, HttpCalls.Cancellation))!;

    private Task<IReadOnlyList<RetrainingRun>> OpenAsync() => _stores.Runs.OpenAsync(HttpCalls.Cancellation);
}
