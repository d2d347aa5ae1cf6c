using System.Text.Json;
using Microsoft.Extensions.Logging;
using Shouldly;
using TicketAspire.Classifier.Evaluation;
using TicketAspire.Classifier.Text;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Logging;
using TicketAspire.ServiceDefaults.Telemetry;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using TicketAspire.Tests.Support.Telemetry;
using Xunit;

namespace TicketAspire.Tests.Retrainer;

/// <summary>Drift from the first request to the alert, on the tickets that come with the system.</summary>
public sealed class DriftTests
{
    private static readonly string[] Settings =
    [
        "--Retraining:After=1000000", "--Retraining:Level=quick", "--Operations:FlushEvery=00:00:00.1", "--Drift:Every=00:00:00.2",
    ];

    [Fact]
    public async Task Tickets_like_those_it_was_measured_on_raise_no_alert_and_others_do_and_a_training_is_asked_for_once()
    {
        await using var system = await RunningSystem.StartWithStarterDataAsync([.. Settings, "--Drift:Retrain=true"]);
        var examples = await system.Store<IDatasetStore>().ReadAsync(
            (await system.Store<IClassifierStore>().FindAsync("tickets", HttpCalls.Cancellation))!.Dataset, HttpCalls.Cancellation);
        // The hold-out: what comes in is never what the model was trained on.
        string[] usual = [.. examples.Select(example => example.Text).Where(text => HoldOut.Contains(NormalizedText.Hash(text)))];
        usual = [.. usual, .. usual, .. usual];

        await SendAsync(system, usual);
        var report = await ReportAsync(system, usual.Length);

        report.State.ShouldBeOneOf(DriftState.Stable, DriftState.Shifting);
        report.Measures.Count.ShouldBe(4);
        report.Measures.Where(measure => measure.Name != DriftMeasures.Agreement).ShouldAllBe(measure => measure.Value < 0.25);
        (await AlertsAsync(system)).ShouldBeEmpty();

        // Something new to learn, without which a training would be of no use.
        await system.Api.Http.PostAsync(
            "classifiers/tickets/feedback", new { text = "the parking barrier stays shut", true_label = "Hardware" }, ContractsJson.Default.FeedbackResponse);
        string[] unusual = [.. Enumerable.Range(0, 2 * usual.Length).Select(i => $"parkeerplaats {i} slagboom garage kapot bij ingang {i % 7}")];
        await SendAsync(system, unusual);

        var alert = await system.EventAsync("the alert", change => change is { Type: EventTypes.Drift, Classifier: "tickets", Drift: DriftState.Drifted });
        alert.Model.ShouldBe(1);
        var run = (await system.EventAsync("a run because of it", change => change.Run is { Trigger: RunTrigger.Drift, EndedAt: not null })).Run!;
        run.Classifier.ShouldBe("tickets");
        // The new model's own traffic is still to come; a rejected one leaves the champion with its one run. The alert goes on.
        var after = await Eventually.GetAsync(
            "the next look",
            async _ => await FindAsync(system) is { } found && found.At > run.EndedAt && (run.State != RunState.Promoted || found.Model == 2) ? found : null,
            HttpCalls.Cancellation);
        (after.State, after.Own).ShouldBe((DriftState.Drifted, run.State == RunState.Promoted ? DriftState.TooFew : DriftState.Drifted));
        (await AlertsAsync(system)).ShouldHaveSingleItem();
        (await system.Store<IRunStore>().ListAsync("tickets", 100, HttpCalls.Cancellation)).Count(one => one.Trigger == RunTrigger.Drift).ShouldBe(1);
        system.Retrainer.Logs.All.ShouldContain(entry => entry.Level == LogLevel.Warning && entry.Words.Contains("drifted", StringComparison.Ordinal));
        system.Retrainer.Logs.All.ShouldNotContain(entry => entry.Words.Contains("slagboom", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_alert_is_seen_by_who_asks_for_the_classifier_and_several_retrainers_tell_it_once()
    {
        await using var logstash = await LogstashStandIn.StartAsync();
        await using var system = await RunningSystem.StartSmallAsync("tickets", [.. Settings, $"--Logstash:Url={logstash.Address}"]);
        await system.StartRetrainerAsync();
        (await system.Store<IModelStore>().FindAsync("tickets", 1, HttpCalls.Cancellation))!.Metrics.Baseline.ShouldNotBeNull();

        await SendAsync(system, [.. Enumerable.Repeat(SmallClassifier.HolidayText, 300)]);

        await system.EventAsync("the alert", change => change is { Type: EventTypes.Drift, Drift: DriftState.Drifted });
        var summary = await system.Api.Http.GetAsync("classifiers/tickets", ContractsJson.Default.ClassifierSummary);
        summary.Drift.ShouldBe(DriftState.Drifted);
        // Both have looked again and again meanwhile.
        var first = (await FindAsync(system))!.At;
        await Eventually.IsSoAsync("they look again", async _ => (await FindAsync(system))!.At > first.AddSeconds(1), HttpCalls.Cancellation);
        (await AlertsAsync(system)).ShouldHaveSingleItem();
        await Eventually.IsSoAsync(
            "it is logged as an event",
            _ => Task.FromResult(logstash.Entries.Any(entry =>
                entry.TryGetProperty("event", out var what) && what.GetProperty("action").GetString() == EcsActions.Drift)),
            HttpCalls.Cancellation);
        // It was not asked to train.
        (await system.Store<IRunStore>().ListAsync("tickets", 100, HttpCalls.Cancellation)).ShouldHaveSingleItem().Trigger.ShouldBe(RunTrigger.Import);
    }

    [Fact]
    public async Task Feedback_on_a_ticket_is_about_the_model_that_answered_it_and_how_sure_that_was()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets", Settings);
        var ticket = await system.Api.Http.PostAsync(
            "classifiers/tickets/predict", new { text = SmallClassifier.PrinterText }, ContractsJson.Default.PredictionResponse);
        await system.ImportAsync("tickets", SmallClassifier.Csv + "the fax machine has a paper jam,printer\n");
        await system.ServesAsync("tickets", 2);

        await SayAsync(new { text = "the fax jams", true_label = SmallClassifier.Printer });
        await SayAsync(new { text = "the fax jams", prediction = SmallClassifier.Network, true_label = SmallClassifier.Printer });
        await SayAsync(new { ticket_id = ticket.Id, true_label = SmallClassifier.Network });
        await SayAsync(new { ticket_id = ticket.Id, right = true });

        var judged = await Eventually.GetAsync(
            "both are counted",
            async _ => await JudgedAsync() is { Count: >= 2 } found && found.Sum(rollup => rollup.Count) == 2 ? found : null,
            HttpCalls.Cancellation);
        judged.Select(rollup => string.Join(' ', rollup.Tags)).Distinct().ShouldBe(["tickets true 1", "tickets false 1"], ignoreOrder: true);
        judged.Sum(rollup => rollup.Sum).ShouldBe(2 * (await system.Api.Http.GetAsync($"tickets/{ticket.Id}", ContractsJson.Default.Ticket)).Confidence, 1e-9);
        (await Eventually.GetAsync(
            "a look at it", async _ => await FindAsync(system) is { Model: 2, Feedback: > 0 } report ? report : null, HttpCalls.Cancellation)).Feedback.ShouldBe(2);

        Task<FeedbackResponse> SayAsync(object what) =>
            system.Api.Http.PostAsync("classifiers/tickets/feedback", what, ContractsJson.Default.FeedbackResponse);

        Task<IReadOnlyList<Rollup>> JudgedAsync() => system.Store<IRollupStore>().ReadAsync(
            RollupSpan.Minute, TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddMinutes(1),
            [Measures.JudgedConfidence], HttpCalls.Cancellation);
    }

    private static async Task SendAsync(RunningSystem system, string[] texts)
    {
        using var response = await system.Inference.Http.PostJsonAsync(
            "classifiers/tickets/predict/batch", JsonSerializer.Serialize(texts.Select(text => new { text })));
        response.EnsureSuccessStatusCode();
    }

    private static Task<DriftReport?> FindAsync(RunningSystem system) => system.Store<IDriftStore>().FindAsync("tickets", HttpCalls.Cancellation);

    private static Task<DriftReport> ReportAsync(RunningSystem system, int predictions) =>
        Eventually.GetAsync(
            "a report of all that was sent",
            async _ => await FindAsync(system) is { } report && report.Predictions >= predictions ? report : null,
            HttpCalls.Cancellation);

    private static async Task<IReadOnlyList<ServiceEvent>> AlertsAsync(RunningSystem system)
    {
        var events = system.Store<IEventLog>();
        var latest = await events.LatestAsync(HttpCalls.Cancellation);
        var alerts = new List<ServiceEvent>();
        await foreach (var change in events.FollowAsync(0, HttpCalls.Cancellation))
        {
            if (change is { Type: EventTypes.Drift, Drift: DriftState.Drifted })
            {
                alerts.Add(change);
            }

            if (change.Id >= latest)
            {
                break;
            }
        }

        return alerts;
    }
}
