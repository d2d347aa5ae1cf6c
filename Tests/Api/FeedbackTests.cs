using System.Globalization;
using System.Net;
using System.Text.Json;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Api;

/// <summary>On a classifier of its own in a system that never retrains by itself.</summary>
public sealed class FeedbackTests(FeedbackTests.OneSystem one) : IClassFixture<FeedbackTests.OneSystem>
{
    private const string Name = "desk";
    private const string Feedback = $"classifiers/{Name}/feedback";

    private HttpClient Api => one.System.Api.Http;

    [Fact]
    public async Task A_confirmation_by_ticket_takes_text_and_prediction_from_the_record()
    {
        var ticket = await PredictAsync(SmallClassifier.PrinterText);

        var answer = await Api.PostAsync(Feedback, new { ticket_id = ticket, right = true, who = "Ann" }, ContractsJson.Default.FeedbackResponse);

        answer.Message.ShouldBe("Feedback saved!");
        answer.Label.ShouldBe(SmallClassifier.Printer);
        answer.Agreed.ShouldBe(true);
        var entry = (await ListAsync("?limit=1")).Items.ShouldHaveSingleItem();
        entry.Id.ShouldBe(answer.Id);
        entry.TicketId.ShouldBe(ticket);
        entry.Text.ShouldBe(SmallClassifier.PrinterText);
        entry.Prediction.ShouldBe(SmallClassifier.Printer);
        entry.Who.ShouldBe("Ann");
        (await Api.GetAsync($"tickets/{ticket}", ContractsJson.Default.Ticket)).Label.ShouldBe(SmallClassifier.Printer);
    }

    [Fact]
    public async Task A_correction_labels_the_ticket_and_the_latest_one_counts()
    {
        var ticket = await PredictAsync(SmallClassifier.PrinterText);

        foreach (var label in new[] { SmallClassifier.Holiday, SmallClassifier.Network })
        {
            var answer = await Api.PostAsync(Feedback, new { ticket_id = ticket, true_label = label }, ContractsJson.Default.FeedbackResponse);
            answer.Agreed.ShouldBe(false);
            answer.Label.ShouldBe(label);
        }

        (await Api.GetAsync($"tickets/{ticket}", ContractsJson.Default.Ticket)).Label.ShouldBe(SmallClassifier.Network);
    }

    [Fact]
    public async Task Every_entry_counts_towards_the_next_run()
    {
        var before = await Api.GetAsync($"classifiers/{Name}", ContractsJson.Default.ClassifierSummary);

        var answer = await Api.PostAsync(
            Feedback, new { text = "a router that hums", true_label = SmallClassifier.Network }, ContractsJson.Default.FeedbackResponse);

        answer.Unseen.ShouldBe(before.Unseen + 1);
        answer.RetrainAfter.ShouldBe(before.RetrainAfter);
        var after = await Api.GetAsync($"classifiers/{Name}", ContractsJson.Default.ClassifierSummary);
        after.Unseen.ShouldBe(before.Unseen + 1);
        after.Feedback.ShouldBe(before.Feedback + 1);
    }

    [Fact]
    public async Task A_label_is_known_in_whatever_case_it_is_written()
    {
        var answer = await Api.PostAsync(
            Feedback, new { text = "a router that hums", true_label = " NetWork " }, ContractsJson.Default.FeedbackResponse);

        answer.Label.ShouldBe(SmallClassifier.Network);
    }

    [Fact]
    public async Task A_text_with_its_prediction_can_be_confirmed_without_a_ticket()
    {
        var answer = await Api.PostAsync(
            Feedback, new { text = "toner again", prediction = SmallClassifier.Printer, right = true }, ContractsJson.Default.FeedbackResponse);

        answer.Label.ShouldBe(SmallClassifier.Printer);
        answer.Agreed.ShouldBe(true);
    }

    [Fact]
    public async Task A_prediction_is_confirmed_in_whatever_case_it_is_written()
    {
        var answer = await Api.PostAsync(
            Feedback, new { text = "toner again", prediction = "PRINTER ", true_label = "Printer" }, ContractsJson.Default.FeedbackResponse);

        (answer.Label, answer.Agreed).ShouldBe((SmallClassifier.Printer, true));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public async Task Feedback_on_no_prediction_neither_agrees_nor_corrects(string? prediction)
    {
        var answer = await Api.PostAsync(
            Feedback, new { text = "a router that hums", prediction, true_label = SmallClassifier.Network }, ContractsJson.Default.FeedbackResponse);

        answer.Agreed.ShouldBeNull();
        var entry = (await ListAsync("?limit=1")).Items.ShouldHaveSingleItem();
        (entry.Id, entry.Prediction, entry.Agreed).ShouldBe((answer.Id, null, null));
    }

    [Theory]
    [InlineData("""{"text":"toner again","right":true}""")]
    [InlineData("""{"text":"toner again","right":true,"true_label":"network","prediction":"printer"}""")]
    [InlineData("""{"text":"toner again","right":false}""")]
    [InlineData("""{"text":"toner again","true_label":""}""")]
    [InlineData("""{"true_label":"printer"}""")]
    [InlineData("""{"right":true}""")]
    public async Task Feedback_that_says_too_little_or_contradicts_itself_is_refused(string body)
    {
        var before = one.System.Contents();
        using var response = await Api.PostJsonAsync(Feedback, body);

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).ShouldNotBeNullOrWhiteSpace();
        one.System.Contents().ShouldBe(before);
    }

    [Fact]
    public async Task An_unknown_label_is_refused_with_the_labels_that_there_are()
    {
        using var response = await Api.PostJsonAsync(Feedback, """{"text":"toner again","true_label":"catering"}""");

        var error = await response.ErrorAsync(HttpStatusCode.BadRequest);
        error.ShouldBe("Unknown label. The labels are holiday, network, printer");
    }

    [Fact]
    public async Task A_new_label_is_taken_once_the_settings_allow_it()
    {
        await one.System.ImportAsync("growing", SmallClassifier.Csv);
        using var settings = await Api.PutAsync(
            "classifiers/growing/settings", HttpCalls.Json("""{"allow_new_labels":true}"""), HttpCalls.Cancellation);
        settings.StatusCode.ShouldBe(HttpStatusCode.OK);

        var answer = await Api.PostAsync(
            "classifiers/growing/feedback", new { text = "sandwiches for forty", true_label = "catering" }, ContractsJson.Default.FeedbackResponse);
        answer.Label.ShouldBe("catering");
        using var tooLong = await Api.PostJsonAsync(
            "classifiers/growing/feedback", JsonSerializer.Serialize(new { text = "sandwiches", true_label = new string('x', 101) }));
        (await tooLong.ErrorAsync(HttpStatusCode.BadRequest)).ShouldBe("A label has at most 100 characters");
    }

    [Fact]
    public async Task A_repetition_with_the_same_key_is_the_same_entry()
    {
        var key = Guid.NewGuid().ToString();
        var first = await SendWithKeyAsync(key, "the fax is on fire");
        var before = one.System.Contents();

        var second = await SendWithKeyAsync(key, "the fax is on fire");

        second.Id.ShouldBe(first.Id);
        one.System.Contents().ShouldBe(before);
        (await SendWithKeyAsync(Guid.NewGuid().ToString(), "the fax is on fire")).Id.ShouldNotBe(first.Id);
    }

    [Fact]
    public async Task However_often_one_key_is_sent_at_once_there_is_one_entry()
    {
        var key = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendWithKeyAsync(key, "the fax smokes")));

        answers.Select(answer => answer.Id).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_ticket_of_another_classifier_or_of_nobody_gets_no_feedback()
    {
        await one.System.ImportAsync("elsewhere", SmallClassifier.Csv);
        var ticket = await PredictAsync(SmallClassifier.PrinterText);
        foreach (var (path, id) in new[] { ("classifiers/elsewhere/feedback", ticket), (Feedback, "0190000000007000800000000000dead") })
        {
            using var response = await Api.PostAsync(
                path, HttpCalls.Json(JsonSerializer.Serialize(new { ticket_id = id, right = true })), HttpCalls.Cancellation);
            (await response.ErrorAsync(HttpStatusCode.NotFound)).ShouldContain("no such ticket");
        }
    }

    [Fact]
    public async Task Feedback_is_listed_newest_first_page_by_page()
    {
        await one.System.ImportAsync("pages", SmallClassifier.Csv);
        var ids = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            var answer = await Api.PostAsync(
                "classifiers/pages/feedback", new { text = $"router {i}", true_label = SmallClassifier.Network }, ContractsJson.Default.FeedbackResponse);
            ids.Add(answer.Id);
        }

        ids.Reverse();
        var listed = new List<long>();
        string? next = null;
        do
        {
            var page = await Api.GetAsync(
                $"classifiers/pages/feedback?limit=2{(next is null ? string.Empty : $"&before={next}")}", ContractsJson.Default.PageFeedbackEntry);
            page.Items.Count.ShouldBeInRange(1, 2);
            listed.AddRange(page.Items.Select(entry => entry.Id));
            next = page.Next;
        }
        while (next is not null);

        listed.ShouldBe(ids);
    }

    private async Task<string> PredictAsync(string text) =>
        (await Api.PostAsync($"classifiers/{Name}/predict", new { text }, ContractsJson.Default.PredictionResponse)).Id.ShouldNotBeNull();

    private Task<Page<FeedbackEntry>> ListAsync(string query) => Api.GetAsync(Feedback + query, ContractsJson.Default.PageFeedbackEntry);

    private async Task<FeedbackResponse> SendWithKeyAsync(string key, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Feedback)
        {
            Content = HttpCalls.Json(string.Create(CultureInfo.InvariantCulture, $$"""{"text":"{{text}}","true_label":"printer"}""")),
        };
        request.Headers.Add("Idempotency-Key", key);
        using var response = await Api.SendAsync(request, HttpCalls.Cancellation);
        return await response.ReadAsync(ContractsJson.Default.FeedbackResponse);
    }

    public sealed class OneSystem : IAsyncLifetime
    {
        internal RunningSystem System { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            System = await RunningSystem.StartSmallAsync(Name, "--Retraining:After=1000000");

        public ValueTask DisposeAsync() => System.DisposeAsync();
    }
}
