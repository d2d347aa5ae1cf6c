using System.Net;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage.Elasticsearch;
using TicketAspire.Tests.Support;
using TicketAspire.Tests.Support.Elasticsearch;
using Xunit;

namespace TicketAspire.Tests.Api;

/// <summary>The system with its ticket log in Elasticsearch: well, away, hanging and back.</summary>
public sealed class TicketLogOutageTests
{
    [Fact]
    public async Task What_is_classified_and_corrected_is_found_in_Elasticsearch()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        await using var system = await StartAsync(elastic);
        var id = await PredictAsync(system);
        var other = await PredictAsync(system);
        await LabelAsync(system, id, SmallClassifier.Holiday, key: "one");
        await Eventually.IsSoAsync("both are there", _ => Task.FromResult(elastic.Documents.Count == 2), HttpCalls.Cancellation);
        await LabelAsync(system, id, SmallClassifier.Network, key: "two");
        // Sent once more after another: an answer with the first entry, and no new word on the ticket.
        await LabelAsync(system, id, SmallClassifier.Holiday, key: "one");

        await Eventually.IsSoAsync(
            "the label is there",
            async _ => (await system.Api.Http.GetAsync($"tickets?label={SmallClassifier.Network}", ContractsJson.Default.PageTicket)).Items.Count == 1,
            HttpCalls.Cancellation);

        (await system.Api.Http.GetAsync("tickets?search=printer", ContractsJson.Default.PageTicket)).Items.Count.ShouldBe(2);
        (await system.Api.Http.GetAsync($"tickets/{id}/similar", ContractsJson.Default.IReadOnlyListSimilarTicket))
            .Select(similar => similar.Ticket.Id).ShouldBe([other]);
        (await system.Api.Http.GetAsync("statistics", ContractsJson.Default.TicketStatistics)).Total.Labelled.ShouldBe(1);
        (await system.Web.Http.GetStringAsync($"tickets/{id}", HttpCalls.Cancellation)).ShouldContain($"/tickets/{other}");
        elastic.Documents[id].GetProperty("label").GetString().ShouldBe(SmallClassifier.Network);
    }

    [Fact]
    public async Task Down_it_costs_the_search_and_nothing_else_and_everything_is_there_afterwards()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        await using var system = await StartAsync(elastic);
        await elastic.StopAsync();

        var ids = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            ids.Add(await PredictAsync(system));
        }

        await LabelAsync(system, ids[0], SmallClassifier.Network);
        foreach (var path in new[] { "tickets", "statistics", $"tickets/{ids[0]}/similar" })
        {
            using var refused = await system.Api.Http.GetAsync(path, HttpCalls.Cancellation);
            (await refused.ErrorAsync(HttpStatusCode.ServiceUnavailable)).ShouldBe("Tickets cannot be searched at the moment");
            refused.Headers.RetryAfter.ShouldNotBeNull();
        }

        // What is kept in the store is there.
        (await system.Api.Http.GetAsync($"tickets/{ids[0]}", ContractsJson.Default.Ticket)).Label.ShouldBe(SmallClassifier.Network);
        (await system.Web.Http.GetStringAsync($"tickets/{ids[0]}", HttpCalls.Cancellation)).ShouldContain("They cannot be searched at the moment");
        using var list = await system.Web.Http.GetAsync("tickets", HttpCalls.Cancellation);
        list.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await list.Content.ReadAsStringAsync(HttpCalls.Cancellation)).ShouldContain("Tickets cannot be searched at the moment");
        await Eventually.IsSoAsync(
            "its health says so",
            async _ => await system.Api.Http.GetAsync("health", ContractsJson.Default.HealthResponse) is { Status: "degraded" } health
                && health.Reasons!["elasticsearch"].Contains("21 tickets and labels wait", StringComparison.Ordinal),
            HttpCalls.Cancellation);

        await elastic.StartAgainAsync();

        await Eventually.IsSoAsync(
            "all is delivered",
            _ => Task.FromResult(elastic.Documents.Count == 20 && elastic.Documents[ids[0]].TryGetProperty("label", out var _)),
            HttpCalls.Cancellation);
        system.Store<ElasticsearchTicketRecorder>().Dropped.ShouldBe(0);
    }

    [Fact]
    public async Task Hanging_it_holds_up_no_prediction_and_no_feedback()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        await using var system = await StartAsync(elastic);
        var gate = new TaskCompletionSource();
        elastic.Gate = gate.Task;

        // While the first of them wait for an answer that does not come, everything else is answered.
        var searches = Enumerable.Range(0, 8).Select(_ => system.Api.Http.GetAsync("tickets", HttpCalls.Cancellation)).ToArray();
        var id = await PredictAsync(system);
        await LabelAsync(system, id, SmallClassifier.Network);
        Array.TrueForAll(searches, search => search.IsCompleted).ShouldBeFalse();

        foreach (var search in searches)
        {
            using var refused = await search;
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        }

        gate.SetResult();
        elastic.Gate = Task.CompletedTask;
        await Eventually.IsSoAsync("it is delivered", _ => Task.FromResult(elastic.Documents.ContainsKey(id)), HttpCalls.Cancellation);
    }

    [Fact]
    public async Task Too_busy_it_gets_everything_later()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        await using var system = await StartAsync(elastic);
        var busy = 3;
        elastic.Refuse = path => path == "_bulk" && Interlocked.Decrement(ref busy) >= 0 ? 429 : null;

        var id = await PredictAsync(system);

        await Eventually.IsSoAsync("it is delivered", _ => Task.FromResult(elastic.Documents.ContainsKey(id)), HttpCalls.Cancellation);
        busy.ShouldBeLessThan(0);
    }

    [Fact]
    public async Task What_it_refuses_for_good_is_told_as_missing_in_the_log_and_not_as_a_ticket_that_was_not_kept()
    {
        await using var elastic = await ElasticsearchStandIn.StartAsync();
        elastic.RefuseItem = (_, _) => 400;
        await using var system = await StartAsync(elastic, "--Operations:FlushEvery=00:00:00.1");

        var id = await PredictAsync(system);

        await Eventually.IsSoAsync(
            "it is counted",
            async _ => (await system.Api.Http.GetAsync("operations?range=1h", ContractsJson.Default.OperationsReport)).Dropped
                .Select(series => (series.Name, series.Counts.Sum())).SequenceEqual([("ticket-log", 1L)]),
            HttpCalls.Cancellation);
        (await system.Api.Http.GetAsync($"tickets/{id}", ContractsJson.Default.Ticket)).Id.ShouldBe(id);
    }

    private static Task<RunningSystem> StartAsync(ElasticsearchStandIn elastic, params string[] settings) =>
        RunningSystem.StartSmallAsync("tickets", [$"--ConnectionStrings:elasticsearch={elastic.Address}", "--Retraining:After=1000", .. settings]);

    private static async Task<string> PredictAsync(RunningSystem system) =>
        (await system.Api.Http.PostAsync("predict", new { text = SmallClassifier.PrinterText }, ContractsJson.Default.PredictionResponse)).Id.ShouldNotBeNull();

    private static async Task LabelAsync(RunningSystem system, string id, string label, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "classifiers/tickets/feedback")
        {
            Content = HttpCalls.Json($$"""{"ticket_id":"{{id}}","true_label":"{{label}}"}"""),
        };
        request.Headers.Add("Idempotency-Key", key is null ? [] : [key]);
        using var response = await system.Api.Http.SendAsync(request, HttpCalls.Cancellation);
        response.IsSuccessStatusCode.ShouldBeTrue();
    }
}
