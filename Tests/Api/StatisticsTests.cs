using System.Net;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Api;

public sealed class StatisticsTests(SharedSystem shared)
{
    private readonly string _word = "x" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Statistics_count_what_was_classified_and_corrected()
    {
        var system = await shared.GetAsync();
        var before = await StatisticsAsync(system, "classifier=tickets");
        var id = await PredictAsync(system, $"broken laptop screen {_word}");
        using var feedback = await system.Api.Http.PostJsonAsync(
            "classifiers/tickets/feedback", $$"""{"ticket_id":"{{id}}","right":true}""");

        var after = await StatisticsAsync(system, "classifier=tickets");

        after.Total.Tickets.ShouldBeGreaterThan(before.Total.Tickets);
        after.Total.Agreed.ShouldBeGreaterThan(before.Total.Agreed);
        after.Total.Predictions.Single(group => group.Name == "Hardware").Tickets.ShouldBeGreaterThan(0);
        after.Periods.Count.ShouldBe(8);
        after.Periods.Sum(period => period.Figures.Tickets).ShouldBe(after.Total.Tickets);
        (await StatisticsAsync(system, "classifier=nobody&interval=hour&from=2025-01-01&to=2025-01-02T00:00:00Z")).Periods.Count.ShouldBe(24);
    }

    [Theory]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=1", "to")]
    [InlineData("interval=minute", "interval")]
    [InlineData("from=2025-01-02&to=2025-01-01", "to")]
    [InlineData("from=2025-01-01&to=2025-01-01", "to")]
    [InlineData("from=2020-01-01&to=2025-01-01&interval=hour", "interval")]
    [InlineData("from=9999-12-30&to=9999-12-31T23:00:00Z&interval=week", "to")]
    public async Task A_time_that_makes_no_sense_is_refused(string query, string named)
    {
        var system = await shared.GetAsync();
        using var response = await system.Api.Http.GetAsync($"statistics?{query}", HttpCalls.Cancellation);

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).ShouldContain($"'{named}'");
    }

    [Fact]
    public async Task Similar_tickets_are_of_the_same_classifier_and_not_the_ticket_itself()
    {
        var system = await shared.GetAsync();
        var first = await PredictAsync(system, $"laptop {_word} shows stripes");
        var second = await PredictAsync(system, $"laptop {_word} shows nothing");
        await PredictAsync(system, "intents", $"laptop {_word} shows stripes");

        var similar = await system.Api.Http.GetAsync($"tickets/{first}/similar?limit=50", ContractsJson.Default.IReadOnlyListSimilarTicket);

        similar[0].Ticket.Id.ShouldBe(second);
        similar[0].Score.ShouldBe(1);
        similar.ShouldAllBe(one => one.Ticket.Classifier == "tickets" && one.Ticket.Id != first);
    }

    [Theory]
    [InlineData("tickets/{id}/similar?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("tickets/{id}/similar?limit=201", HttpStatusCode.BadRequest)]
    [InlineData("tickets/nothing/similar", HttpStatusCode.NotFound)]
    [InlineData("tickets?from=soon", HttpStatusCode.BadRequest)]
    [InlineData("tickets?from=2025-02-01&to=2025-01-01", HttpStatusCode.BadRequest)]
    [InlineData("tickets?agreed=perhaps", HttpStatusCode.BadRequest)]
    [InlineData("tickets?model=first", HttpStatusCode.BadRequest)]
    [InlineData("tickets?before=nothing", HttpStatusCode.BadRequest)]
    public async Task What_makes_no_sense_is_refused(string path, HttpStatusCode status)
    {
        var system = await shared.GetAsync();
        var id = await PredictAsync(system, $"laptop {_word}");
        using var response = await system.Api.Http.GetAsync(path.Replace("{id}", id, StringComparison.Ordinal), HttpCalls.Cancellation);

        (await response.ErrorAsync(status)).ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task Tickets_are_filtered_by_label_agreement_person_model_and_time()
    {
        var system = await shared.GetAsync();
        var agreed = await PredictAsync(system, $"broken laptop screen {_word}");
        var corrected = await PredictAsync(system, $"laptop screen broken {_word}");
        foreach (var (id, label) in new[] { (agreed, "Hardware"), (corrected, "Access") })
        {
            using var response = await system.Api.Http.PostJsonAsync(
                "classifiers/tickets/feedback", $$"""{"ticket_id":"{{id}}","true_label":"{{label}}","who":"{{_word}}"}""");
            response.IsSuccessStatusCode.ShouldBeTrue();
        }

        (await IdsAsync(system, $"search={_word}&agreed=true")).ShouldBe([agreed]);
        (await IdsAsync(system, $"search={_word}&agreed=false")).ShouldBe([corrected]);
        (await IdsAsync(system, $"who={_word}&label=Access")).ShouldBe([corrected]);
        (await IdsAsync(system, $"search={_word}&model=1")).ShouldBe([corrected, agreed]);
        (await IdsAsync(system, $"search={_word}&model=99")).ShouldBeEmpty();
        (await IdsAsync(system, $"search={_word}&from=2020-01-01&to=2020-01-02")).ShouldBeEmpty();
        (await IdsAsync(system, $"search={_word}&from=2020-01-01T00:00:00Z")).ShouldBe([corrected, agreed]);
    }

    private static Task<TicketStatistics> StatisticsAsync(RunningSystem system, string query) =>
        system.Api.Http.GetAsync($"statistics?{query}", ContractsJson.Default.TicketStatistics);

    private static Task<string> PredictAsync(RunningSystem system, string text) => PredictAsync(system, "tickets", text);

    private static async Task<string> PredictAsync(RunningSystem system, string classifier, string text) =>
        (await system.Api.Http.PostAsync($"classifiers/{classifier}/predict", new { text }, ContractsJson.Default.PredictionResponse)).Id.ShouldNotBeNull();

    private static async Task<string[]> IdsAsync(RunningSystem system, string query) =>
        [.. (await system.Api.Http.GetAsync($"tickets?{query}", ContractsJson.Default.PageTicket)).Items.Select(ticket => ticket.Id)];
}
