using System.Net;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Api;

public sealed class OperationsTests(OperationsTests.OneSystem one) : IClassFixture<OperationsTests.OneSystem>
{
    private RunningSystem System => one.System;

    [Fact]
    public async Task What_was_done_is_told_by_intervals()
    {
        var before = await ReportAsync();
        foreach (var text in new[] { SmallClassifier.PrinterText, SmallClassifier.PrinterText, SmallClassifier.HolidayText })
        {
            await System.Api.Http.PostAsync("classifiers/tickets/predict", new { text }, ContractsJson.Default.PredictionResponse);
        }

        (await System.Api.Http.PostTextAsync("classifiers/tickets/predict", " ")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await FeedbackAsync(SmallClassifier.Printer, "first");
        await FeedbackAsync(SmallClassifier.Network, "second");
        // A repetition is no feedback of its own.
        await FeedbackAsync(SmallClassifier.Network, "second");
        await System.Api.Http.PostAsync(
            "classifiers/tickets/feedback", new { text = "a router that hums", true_label = SmallClassifier.Network }, ContractsJson.Default.FeedbackResponse);

        var report = await Eventually.GetAsync(
            "all of it is in the store",
            async _ => await ReportAsync() is var now
                && Sum(now.Predictions.Count) - Sum(before.Predictions.Count) >= 3 && Sum(now.Feedback.Corrected) - Sum(before.Feedback.Corrected) == 1
                && Sum(now.Feedback.Unjudging) > Sum(before.Feedback.Unjudging)
                && Sum(now.Requests.Count) - Sum(before.Requests.Count) >= 8
                // The retrainer writes down its own.
                && now.Runs.Stages.Count == Enum.GetValues<RunStage>().Length
                ? now
                : null,
            HttpCalls.Cancellation);

        report.Classifier.ShouldBe("tickets");
        report.Step.ShouldBe(60);
        report.Times.Count.ShouldBeInRange(60, 62);
        report.Times[0].ShouldBe(report.From);
        report.Times[^1].AddSeconds(report.Step).ShouldBe(report.To);
        report.Predictions.Categories.Single(one => one.Name == SmallClassifier.Printer).Counts.Sum().ShouldBeGreaterThanOrEqualTo(2);
        Sum(report.Predictions.Confidences).ShouldBe(Sum(report.Predictions.Count));
        Sum(report.Predictions.Routed).ShouldBeInRange(0, Sum(report.Predictions.Count));
        (Sum(report.Feedback.Agreed) - Sum(before.Feedback.Agreed)).ShouldBe(1);
        // No judgement of any model, and feedback all the same.
        (Sum(report.Feedback.Unjudging) - Sum(before.Feedback.Unjudging)).ShouldBe(1);
        Sum(report.Requests.Refused).ShouldBeGreaterThanOrEqualTo(1);
        Sum(report.Requests.Failed).ShouldBe(0);
        for (var i = 0; i < report.Times.Count; i++)
        {
            (report.Requests.P50[i] is null).ShouldBe(report.Requests.Count[i] == 0);
            (report.Requests.P50[i] ?? 0).ShouldBeLessThanOrEqualTo(report.Requests.P95[i] ?? 0);
            (report.Requests.P95[i] ?? 0).ShouldBeLessThanOrEqualTo(report.Requests.P99[i] ?? 0);
            (report.Predictions.MeanConfidence[i] ?? 0).ShouldBeInRange(0, 1);
        }

        report.Runs.Outcomes.ShouldHaveSingleItem().Name.ShouldBe("promoted");
        report.Runs.Stages.Select(stage => stage.Stage).ShouldBe(Enum.GetValues<RunStage>());
        report.Runs.Stages.ShouldAllBe(stage => stage.Count == 1 && stage.Mean >= 0 && stage.P95 > 0);
        var champion = report.Champions.ShouldHaveSingleItem();
        (champion.Model, champion.To, champion.By).ShouldBe((1, null, "retrainer"));
        report.Dropped.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_model_from_elsewhere_is_no_training()
    {
        var model = (await System.Store<IModelStore>().ListAsync("tickets", HttpCalls.Cancellation))[0];
        await System.Store<IRunStore>().ImportAsync(
            "tickets",
            new RunResult { File = new byte[] { 1, 2, 3 }, Metrics = model.Metrics, Lineage = model.Lineage, Promote = false, Reason = "Imported" },
            HttpCalls.Cancellation);

        var report = await ReportAsync();

        (await System.Store<IRunStore>().ListAsync("tickets", 1, HttpCalls.Cancellation))[0].Trigger.ShouldBe(RunTrigger.Upload);
        var outcome = report.Runs.Outcomes.ShouldHaveSingleItem();
        (outcome.Name, Sum(outcome.Counts)).ShouldBe(("promoted", 1));
    }

    [Fact]
    public async Task Trainings_are_told_as_far_back_as_the_range_goes_however_many()
    {
        const int Cancelled = 120;
        await System.ImportAsync("busy", SmallClassifier.Csv);
        for (var i = 0; i < Cancelled; i++)
        {
            var run = await System.Store<IRunStore>().RequestAsync("busy", RunTrigger.Request, HttpCalls.Cancellation);
            await System.Store<IRunStore>().CancelAsync(run.Id, "somebody", HttpCalls.Cancellation);
        }

        var report = await ReportAsync("classifier=busy");

        // The oldest is the one with which the classifier began; a retrainer may have been faster than who cancels.
        report.Runs.Outcomes.Sum(one => Sum(one.Counts)).ShouldBe(Cancelled + 1);
    }

    [Theory]
    [InlineData("range=1h", 60)]
    [InlineData("range=6h", 600)]
    [InlineData("range=24h", 1200)]
    [InlineData("range=7d", 7200)]
    [InlineData("range=30d", 28_800)]
    public async Task Longer_ranges_have_longer_intervals_and_the_same_sums(string query, int step)
    {
        await System.Api.Http.PostAsync("classifiers/tickets/predict", new { text = "a toner" }, ContractsJson.Default.PredictionResponse);
        await Eventually.IsSoAsync("it is counted", async _ => Sum((await ReportAsync()).Predictions.Count) > 0, HttpCalls.Cancellation);

        var report = await ReportAsync(query);

        report.Step.ShouldBe(step);
        report.Times.Count.ShouldBeInRange(30, 92);
        Sum(report.Predictions.Count).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_range_may_be_given_by_its_ends()
    {
        var report = await ReportAsync("from=2026-01-02T03:04:05Z&to=2026-01-03");

        report.From.ShouldBe(new DateTimeOffset(2026, 1, 2, 3, 0, 0, TimeSpan.Zero));
        report.To.ShouldBe(new DateTimeOffset(2026, 1, 3, 0, 0, 0, TimeSpan.Zero));
        // What is so old is kept by hours only.
        report.Step.ShouldBe(3600);
        report.Champions.ShouldBeEmpty();
        Sum(report.Requests.Count).ShouldBe(0);
    }

    [Theory]
    [InlineData("range=2h", "'range' is 1h, 6h, 24h, 7d or 30d")]
    [InlineData("range=1H", "'range' is")]
    [InlineData("range=1h&from=2026-01-01", "Give either")]
    [InlineData("from=yesterday", "'from' is no time")]
    [InlineData("from=10/11/2026", "'from' is no time")]
    [InlineData("to=0001-01-01", "'to' is no time")]
    [InlineData("to=2026-13-01", "'to' is no time")]
    [InlineData("from=2026-01-02&to=2026-01-01", "'from' must be before 'to'")]
    [InlineData("from=2999-01-01", "'from' must be before 'to', and in the past")]
    [InlineData("from=2025-01-01&to=2025-12-31", "31 days at most")]
    public async Task A_range_that_cannot_be_told_is_refused_in_words(string query, string words)
    {
        using var response = await System.Api.Http.GetAsync($"operations?{query}", HttpCalls.Cancellation);

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).ShouldContain(words);
    }

    [Fact]
    public async Task Of_a_classifier_that_is_none_there_is_no_report()
    {
        using var response = await System.Api.Http.GetAsync("operations?classifier=nobody", HttpCalls.Cancellation);

        (await response.ErrorAsync(HttpStatusCode.NotFound)).ShouldContain("nobody");
    }

    [Fact]
    public async Task A_champion_that_was_gone_back_to_is_told_with_each_of_its_times()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets", "--Retraining:After=1000000");
        await system.ImportAsync("tickets", SmallClassifier.ExchangedCsv);
        await system.ServesAsync("tickets", 2);
        using var back = await system.Api.Http.PostAsync(
            new Uri("classifiers/tickets/rollback?by=the+lead", UriKind.Relative), null, HttpCalls.Cancellation);
        back.StatusCode.ShouldBe(HttpStatusCode.OK);

        var report = await system.Api.Http.GetAsync("operations?range=1h", ContractsJson.Default.OperationsReport);

        report.Champions.Select(time => (time.Model, time.By)).ShouldBe([(1, "retrainer"), (2, "retrainer"), (1, "the lead")]);
        report.Champions[0].To.ShouldBe(report.Champions[1].From);
        report.Champions[1].To.ShouldBe(report.Champions[2].From);
        report.Champions[2].To.ShouldBeNull();
    }

    [Fact]
    public async Task Who_asks_for_it_is_told_every_few_seconds_that_figures_may_have_changed()
    {
        await using var events = await EventListener.OpenAsync(System.Api.Http, query: "?operations=true");
        (await events.NextAsync()).Type.ShouldBe("ready");

        var tick = await events.NextAsync(change => change.Type == EventTypes.Operations);

        tick.Message.Id.ShouldBe(0);
        using var refused = await System.Api.Http.GetAsync("events?operations=perhaps", HttpCalls.Cancellation);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private Task<OperationsReport> ReportAsync(string query = "range=1h") =>
        System.Api.Http.GetAsync($"operations?{query}", ContractsJson.Default.OperationsReport);

    private async Task FeedbackAsync(string label, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("classifiers/tickets/feedback", UriKind.Relative))
        {
            Content = HttpCalls.Json($$"""{"text":"{{SmallClassifier.PrinterText}}","prediction":"{{SmallClassifier.Printer}}","true_label":"{{label}}"}"""),
        };
        request.Headers.Add("Idempotency-Key", key);
        using var response = await System.Api.Http.SendAsync(request, HttpCalls.Cancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static long Sum(IReadOnlyList<long> counts) => counts.Sum();

    /// <summary>One system for all these tests; feedback starts no run.</summary>
    public sealed class OneSystem : IAsyncLifetime
    {
        public RunningSystem System { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            System = await RunningSystem.StartSmallAsync("tickets", "--Retraining:After=1000000", "--Operations:FlushEvery=00:00:00.1");

        public ValueTask DisposeAsync() => System.DisposeAsync();
    }
}
