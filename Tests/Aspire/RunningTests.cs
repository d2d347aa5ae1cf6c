using System.Text.Json;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Tests.Support;
using TicketAspire.Tests.Support.Redis;
using Xunit;

namespace TicketAspire.Tests.Aspire;

/// <summary>The services under the real orchestrator, without containers.</summary>
public sealed class RunningTests
{
    [Fact]
    public async Task A_ticket_is_classified_and_corrections_train_a_model_that_both_replicas_serve()
    {
        await using var application = await RunningApplication.StartAsync("--no-containers");

        await ShouldLearnAsync(application);
    }

    [Fact]
    public async Task On_a_Redis_server_that_is_there_the_same_and_no_file_is_left()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        await using var application = await RunningApplication.StartAsync($"--redis={redis.ConnectionString}", "--no-containers");

        await ShouldLearnAsync(application);

        application.Files.ShouldBeEmpty();
        (await application.ConnectionAsync("redis")).ShouldBe(redis.ConnectionString);
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

    [Fact]
    public async Task The_dashboard_has_heard_from_every_service_and_both_replicas()
    {
        await using var application = await RunningApplication.StartAsync("--no-containers");
        using var web = application.Client("web");
        using var api = application.Client("api");
        var page = await application.DashboardAsync();
        using var dashboard = new HttpClient { BaseAddress = page };
        using (var answer = await dashboard.GetAsync(page, HttpCalls.Cancellation))
        {
            answer.EnsureSuccessStatusCode();
        }

        // What signs a person in is what the telemetry API gives its key for.
        var token = page.Query["?t=".Length..];
        using (var answer = await dashboard.PostJsonAsync("/api/telemetry/validateToken", JsonSerializer.Serialize(new { token })))
        {
            dashboard.DefaultRequestHeaders.Add("x-api-key", (await answer.JsonAsync()).GetProperty("apiKey").GetString());
        }

        await Eventually.IsSoAsync(
            "telemetry of all five processes is there",
            async cancellation =>
            {
                // One of the two Inferences answers each time.
                await api.PostAsync("predict", new { text = ParkingTickets.Texts[0] }, ContractsJson.Default.PredictionResponse);
                await web.GetStringAsync(new Uri("/", UriKind.Relative), cancellation);
                var resources = JsonElement.Parse(await dashboard.GetStringAsync(new Uri("/api/telemetry/resources", UriKind.Relative), cancellation));
                // The replicas are told apart as the dashboard does it, not by their process ids.
                return resources.EnumerateArray()
                    .Where(resource => !resource.GetProperty("instanceId").GetString()!.Contains('/', StringComparison.Ordinal))
                    .Where(resource => resource.GetProperty("hasMetrics").GetBoolean() && resource.GetProperty("hasTraces").GetBoolean())
                    .Select(resource => resource.GetProperty("name").GetString())
                    .Order(StringComparer.Ordinal)
                    .SequenceEqual(["api", "inference", "inference", "retrainer", "web"]);
            },
            HttpCalls.Cancellation);
    }

    private static async Task ShouldLearnAsync(RunningApplication application)
    {
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
        // Each new connection is another replica's turn: as many answers in a row as make one's silence unlikely.
        inference.DefaultRequestHeaders.ConnectionClose = true;
        var newest = 0;
        await Eventually.IsSoAsync("both serve it", async _ =>
        {
            var answer = await inference.PostAsync("predict", new { text = ParkingTickets.Texts[1] }, ContractsJson.Default.PredictionResponse);
            newest = answer.Model > before.Model ? newest + 1 : 0;
            return newest == 20;
        }, HttpCalls.Cancellation);
    }
}
