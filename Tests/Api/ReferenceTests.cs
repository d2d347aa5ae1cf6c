using System.Net;
using System.Text.Json;
using Shouldly;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Api;

/// <summary>What clients of the two reference systems rely on.</summary>
public sealed class ReferenceTests(SharedSystem shared)
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"text":""}""")]
    [InlineData("""{"text":"   "}""")]
    [InlineData("""{"text":null}""")]
    public async Task A_ticket_without_a_text_is_refused_in_the_words_of_the_ticket_classifier(string body)
    {
        var system = await shared.GetAsync();
        using var response = await system.Api.Http.PostJsonAsync("predict", body);

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).ShouldBe("No text provided");
    }

    [Fact]
    public async Task A_message_without_a_text_is_refused_in_the_words_of_the_intent_classifier()
    {
        var system = await shared.GetAsync();
        var api = await system.StartApiAsync("--Classifiers:Default=intents");
        using var missing = await api.Http.PostJsonAsync("predict", "{}");
        (await missing.ErrorAsync(HttpStatusCode.BadRequest)).ShouldBe("Missing 'text' parameter");

        using var response = await api.Http.PostTextAsync("predict", "I forgot my password");
        var answer = await response.JsonAsync();
        answer.GetProperty("intent").GetString().ShouldBe(answer.GetProperty("prediction").GetString());
        answer.GetProperty("classifier").GetString().ShouldBe("intents");
        await system.StopAsync(api);
    }

    [Fact]
    public async Task A_ticket_is_answered_with_its_prediction_and_no_intent()
    {
        var system = await shared.GetAsync();
        using var response = await system.Api.Http.PostTextAsync("predict", "My laptop screen is broken, I need a new monitor");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/json");
        var answer = await response.JsonAsync();
        answer.EnumerateObject().Select(member => member.Name).ShouldBe(
            ["prediction", "confidence", "route", "alternatives", "explanation", "classifier", "model", "id"], ignoreOrder: true);
        answer.GetProperty("prediction").GetString().ShouldBe("Hardware");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"text":"a laptop","prediction":"Hardware"}""")]
    [InlineData("""{"text":"a laptop","true_label":"Hardware"}""")]
    [InlineData("""{"prediction":"Access","true_label":"Hardware"}""")]
    [InlineData("""{"text":"","prediction":"Access","true_label":"Hardware"}""")]
    public async Task Feedback_that_misses_a_field_is_refused_in_the_words_of_the_reference(string body)
    {
        var system = await shared.GetAsync();
        using var response = await system.Api.Http.PostJsonAsync("feedback", body);

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).ShouldBe("Missing required fields");
    }

    [Fact]
    public async Task Feedback_is_acknowledged_in_the_words_of_the_reference()
    {
        var system = await shared.GetAsync();
        using var response = await system.Api.Http.PostJsonAsync(
            "feedback",
            JsonSerializer.Serialize(new { text = $"a note {Guid.NewGuid():N}", prediction = "Access", true_label = "Hardware" }));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var answer = await response.JsonAsync();
        answer.GetProperty("message").GetString().ShouldBe("Feedback saved!");
        answer.GetProperty("label").GetString().ShouldBe("Hardware");
        answer.GetProperty("agreed").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Health_is_ok_in_the_words_of_the_intent_classifier()
    {
        var system = await shared.GetAsync();
        await Eventually.IsSoAsync(
            "all is well",
            async _ => await system.Api.Http.GetStringAsync("health", HttpCalls.Cancellation) == """{"status":"ok"}""",
            HttpCalls.Cancellation);
    }
}
