using System.Globalization;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Api;

public sealed class EventTests
{
    [Fact]
    public async Task Listeners_hear_of_feedback_of_the_run_that_it_starts_and_of_the_new_champion()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets", "--Retraining:After=1");
        await using var events = await EventListener.OpenAsync(system.Api.Http);
        var ready = await events.NextAsync();
        ready.Type.ShouldBe("ready");

        await system.Api.Http.PostAsync(
            "classifiers/tickets/feedback", new { text = "the fax is broken", true_label = "printer" }, ContractsJson.Default.FeedbackResponse);

        var feedback = await events.NextAsync();
        feedback.Type.ShouldBe(EventTypes.Feedback);
        feedback.Message.Classifier.ShouldBe("tickets");
        feedback.Message.Unseen.ShouldBe(1);
        feedback.Message.Id.ShouldBeGreaterThan(ready.Message.Id);
        feedback.Id.ShouldBe(feedback.Message.Id.ToString(CultureInfo.InvariantCulture));
        var queued = await events.NextAsync();
        queued.Type.ShouldBe(EventTypes.Run);
        queued.Message.Run!.State.ShouldBe(RunState.Queued);
        queued.Message.Run.Trigger.ShouldBe(RunTrigger.Feedback);
        var running = await events.NextAsync(change => change.Run is { State: RunState.Running });
        running.Message.Run!.Id.ShouldBe(queued.Message.Run.Id);
        var ends = new List<ServiceEvent>
        {
            (await events.NextAsync(change => change.Type == EventTypes.Champion || change.Run is { EndedAt: not null })).Message,
            (await events.NextAsync(change => change.Type == EventTypes.Champion || change.Run is { EndedAt: not null })).Message,
        };
        ends.Single(change => change.Type == EventTypes.Champion).Model.ShouldBe(2);
        ends.Single(change => change.Type == EventTypes.Run).Run!.State.ShouldBe(RunState.Promoted);
    }

    [Fact]
    public async Task A_listener_that_comes_back_hears_what_it_missed_and_nothing_twice()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets", "--Retraining:After=1000000");
        string last;
        await using (var first = await EventListener.OpenAsync(system.Api.Http))
        {
            (await first.NextAsync()).Type.ShouldBe("ready");
            await GiveFeedbackAsync(system);
            last = (await first.NextAsync()).Id;
        }

        await GiveFeedbackAsync(system);
        await GiveFeedbackAsync(system);

        await using var second = await EventListener.OpenAsync(system.Api.Http, last);
        (await second.NextAsync()).ShouldSatisfyAllConditions(next => next.Type.ShouldBe("ready"), next => next.Id.ShouldBe(last));
        (await second.NextAsync()).Message.Unseen.ShouldBe(2);
        (await second.NextAsync()).Message.Unseen.ShouldBe(3);
        await GiveFeedbackAsync(system);
        (await second.NextAsync()).Message.Unseen.ShouldBe(4);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("9223372036854775808")]
    [InlineData("1000000")]
    [InlineData("-1")]
    public async Task A_last_event_that_this_log_never_had_is_the_same_as_none(string last)
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets");
        var latest = await system.Store<IEventLog>().LatestAsync(HttpCalls.Cancellation);

        await using var events = await EventListener.OpenAsync(system.Api.Http, last);

        (await events.NextAsync()).Message.Id.ShouldBe(latest);
        await GiveFeedbackAsync(system);
        (await events.NextAsync()).Message.Unseen.ShouldBe(1);
    }

    [Fact]
    public async Task Listeners_do_not_keep_the_service_from_stopping_and_take_no_place_of_a_request()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets");
        var api = await system.StartApiAsync("--Limits:Concurrency=1", "--Limits:Queue=0");
        await using var first = await EventListener.OpenAsync(api.Http);
        await using var second = await EventListener.OpenAsync(api.Http);
        await first.NextAsync();
        await second.NextAsync();

        await api.Http.PostAsync("predict", new { text = SmallClassifier.PrinterText }, ContractsJson.Default.PredictionResponse);

        await system.StopAsync(api);
        api.Logs.Errors.ShouldBeEmpty();
    }

    private static Task<FeedbackResponse> GiveFeedbackAsync(RunningSystem system) =>
        system.Api.Http.PostAsync(
            "classifiers/tickets/feedback", new { text = "the fax is broken", true_label = "printer" }, ContractsJson.Default.FeedbackResponse);
}
