using System.Net;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Api;

/// <summary>Two versions that contradict each other: compared, rolled back to, challenged, deleted.</summary>
public sealed class ModelTests : IAsyncLifetime
{
    private RunningSystem _system = null!;

    public async ValueTask InitializeAsync()
    {
        _system = await RunningSystem.StartEmptyAsync();
        await _system.ImportAsync("tickets", Csv(exchanged: false));
        await _system.ImportAsync("tickets", Csv(exchanged: true));
    }

    public ValueTask DisposeAsync() => _system.DisposeAsync();

    [Fact]
    public async Task Rolling_back_puts_the_version_before_in_service()
    {
        var back = await PostAsync("rollback?by=the+lead");

        (back.Version, back.State, back.PromotedBy).ShouldBe((1, ModelState.Champion, "the lead"));
        await _system.ServesAsync("tickets", 1);
        (await PredictAsync(SmallClassifier.PrinterText)).Prediction.ShouldBe(SmallClassifier.Printer);
    }

    [Fact]
    public async Task Where_no_version_served_before_there_is_none_to_roll_back_to()
    {
        await _system.ImportAsync("alone", SmallClassifier.Csv);

        using var response = await _system.Api.Http.PostAsync("classifiers/alone/rollback", null, HttpCalls.Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await response.JsonAsync()).GetProperty("error").GetString().ShouldBe("No version served before the present one");
    }

    [Fact]
    public async Task Two_versions_are_compared_class_by_class_and_ticket_by_ticket()
    {
        await _system.Api.Http.PostAsync(
            "classifiers/tickets/feedback", new { text = "toner for the printer", true_label = SmallClassifier.Network }, ContractsJson.Default.FeedbackResponse);

        var comparison = await _system.Api.Http.GetAsync("classifiers/tickets/models/1/compare/2", ContractsJson.Default.ModelComparison);

        (comparison.First, comparison.Second).ShouldBe((1, 2));
        comparison.HoldOut.ShouldBeGreaterThan(20);
        comparison.SecondAccuracy.ShouldBe(1);
        comparison.OnlyFirst.ShouldBe(0);
        comparison.OnlySecond.ShouldBeGreaterThan(10);
        comparison.Differing.ShouldBe(comparison.OnlySecond);
        comparison.FirstAccuracy.ShouldBe(1 - (comparison.OnlySecond / (double)comparison.HoldOut), 1e-9);
        comparison.Probability.ShouldBe(Math.Pow(0.5, comparison.OnlySecond - 1), 1e-9);
        comparison.Unseen.ShouldBe(new UnseenFeedback(1, 0, 1));
        comparison.Tickets.Count.ShouldBe(Math.Min(comparison.Differing, ModelComparison.TextsListed));
        comparison.Tickets.ShouldAllBe(ticket => ticket.Label == ticket.Second && ticket.First != ticket.Second && ticket.Text.Length > 0);
        var holiday = comparison.Classes.Single(change => change.Label == SmallClassifier.Holiday);
        (holiday.FirstF1, holiday.SecondF1, holiday.FirstRight).ShouldBe((1, 1, holiday.Support));
        var printer = comparison.Classes.Single(change => change.Label == SmallClassifier.Printer);
        (printer.FirstF1, printer.SecondF1, printer.FirstRight, printer.SecondRight).ShouldBe((0, 1, 0, printer.Support));
        var few = await _system.Api.Http.GetAsync("classifiers/tickets/models/1/compare/2?limit=3", ContractsJson.Default.ModelComparison);
        few.Tickets.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("tickets/models/1/compare/9", HttpStatusCode.NotFound, "There is no version 9")]
    [InlineData("nobody/models/1/compare/2", HttpStatusCode.NotFound, "There is no classifier 'nobody'")]
    [InlineData("tickets/models/1/compare/2?limit=-1", HttpStatusCode.BadRequest, "'limit'")]
    public async Task A_comparison_with_what_is_not_there_is_refused(string path, HttpStatusCode status, string error)
    {
        using var response = await _system.Api.Http.GetAsync($"classifiers/{path}", HttpCalls.Cancellation);

        response.StatusCode.ShouldBe(status);
        (await response.JsonAsync()).GetProperty("error").GetString()!.ShouldStartWith(error);
    }

    [Fact]
    public async Task While_the_retrainer_is_away_comparing_waits_and_all_else_works()
    {
        await _system.StopAsync(_system.Retrainer);

        using var response = await _system.Api.Http.GetAsync("classifiers/tickets/models/1/compare/2", HttpCalls.Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter.ShouldNotBeNull();
        (await PredictAsync(SmallClassifier.HolidayText)).Prediction.ShouldBe(SmallClassifier.Holiday);
    }

    [Fact]
    public async Task A_version_that_serves_is_not_deleted_and_another_is()
    {
        using var champion = await _system.Api.Http.DeleteAsync("classifiers/tickets/models/2", HttpCalls.Cancellation);
        champion.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        using var former = await _system.Api.Http.DeleteAsync("classifiers/tickets/models/1", HttpCalls.Cancellation);
        former.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var gone = await _system.Api.Http.DeleteAsync("classifiers/tickets/models/1", HttpCalls.Cancellation);
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);

        (await _system.Api.Http.GetAsync("classifiers/tickets/models", ContractsJson.Default.IReadOnlyListModelInfo))
            .Select(model => model.Version).ShouldBe([2]);
    }

    [Fact]
    public async Task A_challenger_answers_beside_the_champion_and_is_compared_but_never_returned()
    {
        var begun = await PutChallengerAsync("""{"model": 1}""");
        begun.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await begun.ReadAsync(ContractsJson.Default.ShadowReport)).Compared.ShouldBe(0);
        await Eventually.IsSoAsync(
            "the challenger is in memory",
            async _ => (await _system.Inference.Http.GetAsync("classifiers", ContractsJson.Default.IReadOnlyListServedClassifier)).Single().Challenger == 1,
            HttpCalls.Cancellation);

        foreach (var text in new[] { SmallClassifier.PrinterText, SmallClassifier.HolidayText, SmallClassifier.PrinterText })
        {
            (await PredictAsync(text)).Model.ShouldBe(2);
        }

        var texts = new[] { new { text = SmallClassifier.NetworkText } };
        using var batch = await _system.Api.Http.PostJsonAsync("classifiers/tickets/predict/batch", System.Text.Json.JsonSerializer.Serialize(texts));
        (await batch.ReadAsync(ContractsJson.Default.PredictionResponseArray)).Single().Model.ShouldBe(2);

        var report = await Eventually.GetAsync(
            "all four are compared",
            async _ => await ReportAsync() is { Compared: 4 } all ? all : null,
            HttpCalls.Cancellation);
        (report.Champion, report.Challenger, report.Agreed, report.Dropped).ShouldBe((2, 1, 1, 0));
        report.Since.ShouldNotBeNull();
        report.Pairs.ShouldBe(
            [new ShadowPair(SmallClassifier.Network, SmallClassifier.Printer, 2), new ShadowPair(SmallClassifier.Printer, SmallClassifier.Network, 1)]);
        report.Tickets.Select(ticket => ticket.Text).ShouldBe(
            [SmallClassifier.NetworkText, SmallClassifier.PrinterText, SmallClassifier.PrinterText], ignoreOrder: true);

        using var ended = await _system.Api.Http.DeleteAsync("classifiers/tickets/challenger", HttpCalls.Cancellation);
        ended.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var none = await _system.Api.Http.GetAsync("classifiers/tickets/challenger", HttpCalls.Cancellation);
        none.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        _system.Inference.Logs.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"model": 2}""", HttpStatusCode.Conflict)]
    [InlineData("""{"model": 9}""", HttpStatusCode.NotFound)]
    [InlineData("""{}""", HttpStatusCode.BadRequest)]
    [InlineData("""[]""", HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_a_challenger_is_refused(string body, HttpStatusCode status)
    {
        using var response = await PutChallengerAsync(body);

        response.StatusCode.ShouldBe(status);
        (await _system.Api.Http.GetAsync("classifiers/tickets", ContractsJson.Default.ClassifierSummary)).Challenger.ShouldBeNull();
    }

    private static string Csv(bool exchanged)
    {
        var csv = SmallClassifier.ToCsv(Enumerable.Range(0, 10).SelectMany(i => SmallClassifier.Examples.Select(example => example with
        {
            Text = $"{example.Text} {i}",
            Label = !exchanged ? example.Label : example.Label switch
            {
                SmallClassifier.Printer => SmallClassifier.Network,
                SmallClassifier.Network => SmallClassifier.Printer,
                var other => other,
            },
        })));
        return csv;
    }

    private Task<HttpResponseMessage> PutChallengerAsync(string body) =>
        _system.Api.Http.PutAsync("classifiers/tickets/challenger", HttpCalls.Json(body), HttpCalls.Cancellation);

    private Task<ShadowReport> ReportAsync() =>
        _system.Api.Http.GetAsync("classifiers/tickets/challenger", ContractsJson.Default.ShadowReport);

    private Task<PredictionResponse> PredictAsync(string text) =>
        _system.Api.Http.PostAsync("classifiers/tickets/predict", new { text }, ContractsJson.Default.PredictionResponse);

    private async Task<ModelInfo> PostAsync(string path)
    {
        using var response = await _system.Api.Http.PostAsync($"classifiers/tickets/{path}", null, HttpCalls.Cancellation);
        return await response.ReadAsync(ContractsJson.Default.ModelInfo);
    }
}
