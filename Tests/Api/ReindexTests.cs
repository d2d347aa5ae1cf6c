using System.Net;
using System.Text.Json;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Tests.Support;
using TicketAspire.Tests.Support.Elasticsearch;
using Xunit;

namespace TicketAspire.Tests.Api;

/// <summary>Tickets from before there was an Elasticsearch, and those that it has lost.</summary>
public sealed class ReindexTests : IAsyncLifetime
{
    private RunningSystem _system = null!;
    private ElasticsearchStandIn _elastic = null!;
    private RunningService _api = null!;
    private string[] _before = null!;

    public async ValueTask InitializeAsync()
    {
        _system = await RunningSystem.StartSmallAsync("tickets", "--Retraining:After=1000");
        await _system.ImportAsync("others", SmallClassifier.ExchangedCsv);
        _before = [await PredictAsync(_system.Api, "tickets"), await PredictAsync(_system.Api, "tickets"), await PredictAsync(_system.Api, "others")];
        await LabelAsync(_system.Api, _before[0], SmallClassifier.Holiday);
        _elastic = await ElasticsearchStandIn.StartAsync();
        _api = await _system.StartApiAsync($"--ConnectionStrings:elasticsearch={_elastic.Address}");
    }

    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        await _elastic.DisposeAsync();
    }

    [Fact]
    public async Task What_came_before_is_found_afterwards_with_its_label()
    {
        (await _api.Http.GetAsync("tickets", ContractsJson.Default.PageTicket)).Items.ShouldBeEmpty();

        var last = (await ReindexAsync())[^1];

        (last.Tickets, last.Refused, last.Done).ShouldBe((3, 0, true));
        var found = (await _api.Http.GetAsync("tickets", ContractsJson.Default.PageTicket)).Items;
        found.Select(ticket => ticket.Id).ShouldBe(_before, ignoreOrder: true);
        foreach (var ticket in found)
        {
            ticket.ShouldBe(await _api.Http.GetAsync($"tickets/{ticket.Id}", ContractsJson.Default.Ticket));
        }
    }

    [Fact]
    public async Task A_label_that_was_lost_is_written_and_doing_it_again_changes_nothing()
    {
        await ReindexAsync();
        // Heard of by an Api without Elasticsearch.
        await LabelAsync(_system.Api, _before[1], SmallClassifier.Network);

        await ReindexAsync();
        var documents = Json(_elastic);
        await ReindexAsync();

        _elastic.Documents[_before[1]].GetProperty("label").GetString().ShouldBe(SmallClassifier.Network);
        Json(_elastic).ShouldBe(documents);
    }

    [Fact]
    public async Task It_may_be_for_one_classifier_and_a_time()
    {
        (await ReindexAsync("?classifier=others"))[^1].Tickets.ShouldBe(1);
        (await ReindexAsync("?to=2000-01-01&from=1999-01-01"))[^1].ShouldBe(new ReindexProgress(0, 0, null, true));

        _elastic.Documents.Keys.ShouldBe([_before[2]]);
    }

    [Fact]
    public async Task Too_busy_it_gets_everything_all_the_same()
    {
        var busy = 4;
        _elastic.RefuseItem = (_, _) => Interlocked.Decrement(ref busy) >= 0 ? 429 : null;

        (await ReindexAsync())[^1].Refused.ShouldBe(0);

        _elastic.Documents.Count.ShouldBe(3);
        _elastic.Documents[_before[0]].GetProperty("label").GetString().ShouldBe(SmallClassifier.Holiday);
    }

    [Fact]
    public async Task What_is_refused_for_good_is_counted()
    {
        _elastic.RefuseItem = (action, id) => action == "create" && id == _before[0] ? 400 : null;

        // The ticket, and its label for want of it.
        (await ReindexAsync())[^1].Refused.ShouldBe(2);

        _elastic.Documents.Keys.ShouldBe(_before[1..], ignoreOrder: true);
    }

    [Fact]
    public async Task Without_an_Elasticsearch_or_with_one_that_is_away_it_is_refused()
    {
        using var none = await _system.Api.Http.PostAsync("tickets/reindex", null, HttpCalls.Cancellation);
        (await none.ErrorAsync(HttpStatusCode.Conflict)).ShouldContain("no Elasticsearch");
        using var time = await _api.Http.PostAsync("tickets/reindex?from=yesterday", null, HttpCalls.Cancellation);
        await time.ErrorAsync(HttpStatusCode.BadRequest);

        await _elastic.StopAsync();

        using var away = await _api.Http.PostAsync("tickets/reindex", null, HttpCalls.Cancellation);
        await away.ErrorAsync(HttpStatusCode.ServiceUnavailable);
        await _elastic.StartAgainAsync();
        // It may be tried again.
        (await ReindexAsync())[^1].Done.ShouldBeTrue();
    }

    [Fact]
    public async Task One_is_at_work_at_a_time()
    {
        var gate = new TaskCompletionSource();
        _elastic.Gate = gate.Task;
        Task<HttpResponseMessage>[] both =
            [_api.Http.PostAsync("tickets/reindex", null, HttpCalls.Cancellation), _api.Http.PostAsync("tickets/reindex", null, HttpCalls.Cancellation)];

        var first = await Task.WhenAny(both);
        gate.SetResult();
        using var refused = await first;
        using var done = await both.Single(one => one != first);

        (await refused.ErrorAsync(HttpStatusCode.Conflict)).ShouldContain("already");
        done.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<ReindexProgress[]> ReindexAsync(string query = "")
    {
        using var response = await _api.Http.PostAsync($"tickets/reindex{query}", null, HttpCalls.Cancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync(HttpCalls.Cancellation));
        return [.. (await response.Content.ReadAsStringAsync(HttpCalls.Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize(line, ContractsJson.Default.ReindexProgress)!)];
    }

    private static string Json(ElasticsearchStandIn elastic) =>
        string.Join('\n', elastic.Documents.OrderBy(document => document.Key, StringComparer.Ordinal).Select(document => document.Value.GetRawText()));

    private static async Task<string> PredictAsync(RunningService api, string classifier) =>
        (await api.Http.PostAsync(
            $"classifiers/{classifier}/predict", new { text = SmallClassifier.PrinterText }, ContractsJson.Default.PredictionResponse)).Id.ShouldNotBeNull();

    private static Task<FeedbackResponse> LabelAsync(RunningService api, string id, string label) =>
        api.Http.PostAsync("classifiers/tickets/feedback", new { ticket_id = id, true_label = label }, ContractsJson.Default.FeedbackResponse);
}
