using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Aspire;

/// <summary>The services under the real orchestrator, without containers.</summary>
public sealed class RunningTests
{
    [Fact]
    public async Task A_ticket_is_classified_and_corrections_train_a_model_that_both_replicas_serve()
    {
        await using var application = await RunningApplication.StartAsync("--no-containers");
        using var api = application.Client("api");
        using var inference = application.Client("inference");

        var before = await api.PostAsync("predict", new { text = ParkingTickets.Texts[0] }, ContractsJson.Default.PredictionResponse);
        foreach (var text in ParkingTickets.Texts)
        {
            await api.PostAsync("classifiers/tickets/feedback", new { text, true_label = ParkingTickets.Category }, ContractsJson.Default.FeedbackResponse);
        }

        before.Id.ShouldNotBeNull();
        await Eventually.IsSoAsync(
            "a newer model is the champion",
            async _ => (await api.GetAsync("classifiers/tickets", ContractsJson.Default.ClassifierSummary)).Champion?.Version > before.Model,
            HttpCalls.Cancellation);
        // The replicas take turns: as many answers in a row as make the other's silence unlikely.
        var newest = 0;
        await Eventually.IsSoAsync("both serve it", async _ =>
        {
            var answer = await inference.PostAsync("predict", new { text = ParkingTickets.Texts[1] }, ContractsJson.Default.PredictionResponse);
            newest = answer.Model > before.Model ? newest + 1 : 0;
            return newest == 20;
        }, HttpCalls.Cancellation);
    }

    [Fact]
    public async Task Commands_of_the_dashboard_do_what_they_say()
    {
        await using var application = await RunningApplication.StartAsync("--no-containers");
        using var api = application.Client("api");
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "small.csv");
        await File.WriteAllLinesAsync(
            file, Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? $"printer {i} jams,Hardware" : $"leave on day {i},HR").Prepend("text,label"), HttpCalls.Cancellation);

        (await application.CommandAsync("retrainer", "roll-back", ("classifier", "tickets"))).Success.ShouldBeFalse("nothing served before");
        (await application.CommandAsync("retrainer", "promote", ("classifier", "tickets"), ("version", "99"))).Message.ShouldBe("There is no version 99");
        (await application.CommandAsync("retrainer", "retrain", ("classifier", "nobody"))).Success.ShouldBeFalse();
        (await application.CommandAsync("retrainer", "retrain", ("classifier", "tickets"))).Success.ShouldBeTrue();
        (await application.CommandAsync("retrainer", "promote", ("classifier", "tickets"), ("version", "2"))).Success.ShouldBeTrue();
        (await application.CommandAsync("retrainer", "roll-back", ("classifier", "tickets"))).Success.ShouldBeTrue();
        (await application.CommandAsync("api", "sample-traffic", ("count", "10"))).Success.ShouldBeTrue();
        (await application.CommandAsync("api", "import", ("classifier", "small"), ("file", file), ("mode", "replace"))).Success.ShouldBeTrue();

        (await api.GetAsync("classifiers/tickets", ContractsJson.Default.ClassifierSummary)).Champion!.Version.ShouldBe(1);
        (await api.GetAsync("classifiers/small", ContractsJson.Default.ClassifierSummary)).Labels.Count.ShouldBe(2);
        (await api.GetAsync("tickets?classifier=tickets", ContractsJson.Default.PageTicket)).Items.Count.ShouldBe(10);
        (await api.GetAsync("classifiers/tickets/feedback", ContractsJson.Default.PageFeedbackEntry)).Items.Count.ShouldBe(2);
    }
}
