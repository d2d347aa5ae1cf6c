using System.Net;
using System.Text.Json;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Inference;

public sealed class PredictionTests(SharedSystem shared)
{
    private const string Text = "My laptop screen is broken, I need a new monitor";

    [Fact]
    public async Task The_default_classifier_answers_with_category_confidence_route_alternatives_and_reasons()
    {
        var system = await shared.GetAsync();

        var answer = await system.Inference.Http.PostAsync("predict", new { text = Text }, ContractsJson.Default.PredictionResponse);

        answer.Prediction.ShouldBe("Hardware");
        answer.Classifier.ShouldBe("tickets");
        answer.Model.ShouldBe(1);
        answer.Confidence.ShouldBeInRange(0, 1);
        answer.Route.ShouldBeOneOf(Routes.Auto, Routes.Review);
        answer.Id.ShouldBeNull();
        answer.Intent.ShouldBeNull();
        answer.Alternatives.Count.ShouldBe(PredictionResponse.AlternativesKept);
        answer.Alternatives.Select(alternative => alternative.Label).ShouldNotContain(answer.Prediction);
        answer.Alternatives.ShouldAllBe(alternative => alternative.Confidence <= answer.Confidence);
        answer.Alternatives.Select(alternative => alternative.Confidence).ShouldBeInOrder(SortDirection.Descending);
        answer.Explanation.Count.ShouldBeInRange(1, PredictionResponse.TermsKept);
        answer.Explanation.ShouldAllBe(term => term.Term == Text.Substring(term.Start, term.Length) && term.Weight > 0);
        answer.Explanation.Select(term => term.Weight).ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public async Task A_classifier_is_asked_by_its_name()
    {
        var system = await shared.GetAsync();

        var answer = await system.Inference.Http.PostAsync(
            "classifiers/intents/predict", new { text = "I forgot my password" }, ContractsJson.Default.PredictionResponse);

        answer.Classifier.ShouldBe("intents");
        answer.Intent.ShouldBe(answer.Prediction);
        answer.Prediction.ShouldContain("password");
    }

    [Fact]
    public async Task A_route_is_automatic_from_the_threshold_that_is_told()
    {
        var system = await shared.GetAsync();
        var tickets = (await system.Inference.Http.GetAsync("classifiers", ContractsJson.Default.IReadOnlyListServedClassifier))
            .Single(served => served.Name == "tickets");

        foreach (var text in new[] { Text, "hello", "please order three licences and send the invoice", "something is odd" })
        {
            var answer = await system.Inference.Http.PostAsync("predict", new { text }, ContractsJson.Default.PredictionResponse);
            // What is told is rounded.
            if (Math.Abs(answer.Confidence - tickets.Threshold) > 0.0001)
            {
                answer.Route.ShouldBe(answer.Confidence >= tickets.Threshold ? Routes.Auto : Routes.Review, text);
            }
        }
    }

    [Fact]
    public async Task A_batch_is_answered_in_its_order_with_errors_in_their_places()
    {
        var system = await shared.GetAsync();
        using var response = await system.Inference.Http.PostJsonAsync(
            "classifiers/tickets/predict/batch",
            $$"""[{"text":"{{Text}}"},{"text":""},{"text":"please approve my annual leave"},{},null,{"text":"!!!"}]""");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var answers = (await response.JsonAsync()).EnumerateArray().ToArray();
        answers.Length.ShouldBe(6);
        answers[0].GetProperty("prediction").GetString().ShouldBe("Hardware");
        answers[1].GetProperty("error").GetString().ShouldBe("No text provided");
        answers[2].GetProperty("prediction").GetString().ShouldBe("HR Support");
        answers[3].GetProperty("error").GetString().ShouldBe("No text provided");
        answers[4].GetProperty("error").GetString().ShouldNotBeNullOrEmpty();
        answers[5].GetProperty("error").GetString().ShouldBe("The text holds no word");
    }

    [Fact]
    public async Task A_batch_answers_as_single_requests_do_however_large_it_is()
    {
        var system = await shared.GetAsync();
        var texts = Enumerable.Range(0, 1000).Select(i => i % 2 == 0 ? $"{Text} {i}" : $"annual leave request number {i}").ToArray();
        using var response = await system.Inference.Http.PostJsonAsync(
            "classifiers/tickets/predict/batch", JsonSerializer.Serialize(texts.Select(text => new { text })));

        var answers = await response.ReadAsync(ContractsJson.Default.PredictionResponseArray);

        answers.Length.ShouldBe(texts.Length);
        foreach (var i in new[] { 0, 1, 255, 256, 511, 512, 999 })
        {
            var single = await system.Inference.Http.PostAsync("predict", new { text = texts[i] }, ContractsJson.Default.PredictionResponse);
            JsonSerializer.Serialize(answers[i], ContractsJson.Default.PredictionResponse)
                .ShouldBe(JsonSerializer.Serialize(single, ContractsJson.Default.PredictionResponse));
        }
    }

    [Fact]
    public async Task An_empty_batch_has_an_empty_answer()
    {
        var system = await shared.GetAsync();
        using var response = await system.Inference.Http.PostJsonAsync("classifiers/tickets/predict/batch", "[]");

        (await response.Content.ReadAsStringAsync(HttpCalls.Cancellation)).ShouldBe("[]");
    }

    [Fact]
    public async Task Lines_are_answered_as_they_come()
    {
        var system = await shared.GetAsync();
        await using var exchange = await LineExchange.OpenAsync(
            new Uri(system.Inference.Address, "classifiers/tickets/predict/batch"), "application/x-ndjson");

        await exchange.SendAsync($$"""{"text":"{{Text}}"}""");
        (await exchange.StatusAsync()).ShouldBe(200);
        // The second line is not sent before the first is answered.
        JsonElement.Parse((await exchange.NextAsync())!).GetProperty("prediction").GetString().ShouldBe("Hardware");
        await exchange.SendAsync("this is no JSON");
        JsonElement.Parse((await exchange.NextAsync())!).GetProperty("error").GetString().ShouldNotBeNullOrEmpty();
        await exchange.SendAsync("""{"text":"please approve my annual leave"}""");
        JsonElement.Parse((await exchange.NextAsync())!).GetProperty("prediction").GetString().ShouldBe("HR Support");
        await exchange.EndAsync();
        (await exchange.NextAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Lines_need_no_line_break_at_the_end_and_blank_ones_are_passed_over()
    {
        var system = await shared.GetAsync();
        using var response = await system.Inference.Http.PostAsync(
            "classifiers/tickets/predict/batch",
            HttpCalls.Bytes("{\"text\":\"broken laptop screen\"}\r\n\n{\"text\":\"annual leave\"}"u8.ToArray(), "application/x-ndjson; charset=utf-8"),
            HttpCalls.Cancellation);

        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/x-ndjson");
        var lines = (await response.Content.ReadAsStringAsync(HttpCalls.Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(line => JsonElement.Parse(line).GetProperty("prediction").GetString()).ShouldBe(["Hardware", "HR Support"]);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_continued_is_broken_off_and_does_not_look_complete()
    {
        var system = await shared.GetAsync();
        await using var exchange = await LineExchange.OpenAsync(
            new Uri(system.Inference.Address, "classifiers/tickets/predict/batch"), "application/x-ndjson");
        await exchange.SendAsync($$"""{"text":"{{Text}}"}""");
        await exchange.StatusAsync();
        (await exchange.NextAsync()).ShouldNotBeNull();

        // Longer than any text may be, however it is escaped. The sender may or may not get rid of all of it.
        await Should.ThrowAsync<IOException>(async () =>
        {
            await exchange.SendAsync(new string('x', 4_000_000));
            await exchange.NextAsync();
        });
    }

    [Fact]
    public async Task The_classifiers_in_service_are_listed_with_version_labels_and_threshold()
    {
        var system = await shared.GetAsync();

        var served = await system.Inference.Http.GetAsync("classifiers", ContractsJson.Default.IReadOnlyListServedClassifier);

        var tickets = served.Single(classifier => classifier.Name == "tickets");
        tickets.Label.ShouldBe(LabelKind.Category);
        tickets.Default.ShouldBeTrue();
        tickets.Model.ShouldBe(1);
        tickets.Labels.Count.ShouldBe(8);
        tickets.Threshold.ShouldBeInRange(0, 1);
        var intents = served.Single(classifier => classifier.Name == "intents");
        intents.Label.ShouldBe(LabelKind.Intent);
        intents.Default.ShouldBeFalse();
    }

    [Fact]
    public async Task A_classifier_that_is_not_there_is_told_with_those_that_are()
    {
        var system = await shared.GetAsync();
        using var response = await system.Inference.Http.PostTextAsync("classifiers/nobody/predict", Text);

        (await response.ErrorAsync(HttpStatusCode.NotFound)).ShouldStartWith("There is no classifier 'nobody'. Known: ");
    }

    [Theory]
    [InlineData("health")]
    [InlineData("ready")]
    [InlineData("alive")]
    public async Task A_service_that_is_well_says_so_in_these_very_words(string path)
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets");
        using var response = await system.Inference.Http.GetAsync(path, HttpCalls.Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync(HttpCalls.Cancellation)).ShouldBe("""{"status":"ok"}""");
    }

    [Fact]
    public async Task Without_a_model_predictions_are_put_off_and_the_service_is_alive_but_not_ready()
    {
        await using var system = await RunningSystem.StartEmptyAsync();
        foreach (var path in new[] { "predict", "classifiers/tickets/predict" })
        {
            using var prediction = await system.Inference.Http.PostTextAsync(path, Text);
            (await prediction.ErrorAsync(HttpStatusCode.ServiceUnavailable)).ShouldBe("The classifier 'tickets' is being trained");
            prediction.Headers.RetryAfter?.Delta.ShouldNotBeNull();
        }

        using var ready = await system.Inference.Http.GetAsync("ready", HttpCalls.Cancellation);
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await ready.JsonAsync()).GetProperty("status").GetString().ShouldBe("unavailable");
        using var alive = await system.Inference.Http.GetAsync("alive", HttpCalls.Cancellation);
        alive.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await system.Inference.Http.GetAsync("classifiers", ContractsJson.Default.IReadOnlyListServedClassifier)).ShouldBeEmpty();
        system.Inference.Logs.Errors.ShouldBeEmpty();
    }
}
