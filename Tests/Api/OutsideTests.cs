using System.Net;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Api;

/// <summary>What other programs see of the Api: its document, its pages, whom it talks to, and what it does when Inference is away.</summary>
public sealed class OutsideTests(SharedSystem shared)
{
    private const string Friend = "https://desk.example";

    [Fact]
    public async Task The_document_describes_every_route()
    {
        var system = await shared.GetAsync();
        using var response = await system.Api.Http.GetAsync("openapi/v1.json", HttpCalls.Cancellation);

        var document = await response.JsonAsync();
        document.GetProperty("info").GetProperty("title").GetString().ShouldBe("TicketAspire");
        var routes = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}"));
        routes.ShouldBe(
        [
            "POST /predict",
            "POST /classifiers/{name}/predict",
            "POST /classifiers/{name}/predict/batch",
            "GET /tickets",
            "GET /tickets/{id}",
            "GET /tickets/{id}/prediction",
            "GET /tickets/{id}/similar",
            "POST /tickets/reindex",
            "GET /statistics",
            "GET /operations",
            "POST /feedback",
            "POST /classifiers/{name}/feedback",
            "GET /classifiers/{name}/feedback",
            "GET /classifiers",
            "GET /classifiers/{name}",
            "GET /classifiers/{name}/settings",
            "PUT /classifiers/{name}/settings",
            "GET /classifiers/{name}/review",
            "POST /classifiers/{name}/dataset",
            "POST /classifiers/{name}/dataset/preview",
            "GET /classifiers/{name}/dataset",
            "GET /classifiers/{name}/models",
            "POST /classifiers/{name}/models",
            "GET /classifiers/{name}/models/{version}",
            "GET /classifiers/{name}/models/{version}/file",
            "POST /classifiers/{name}/models/{version}/promote",
            "DELETE /classifiers/{name}/models/{version}",
            "GET /classifiers/{name}/models/{first}/compare/{second}",
            "POST /classifiers/{name}/rollback",
            "GET /classifiers/{name}/challenger",
            "PUT /classifiers/{name}/challenger",
            "DELETE /classifiers/{name}/challenger",
            "POST /classifiers/{name}/retrain",
            "GET /classifiers/{name}/runs",
            "GET /classifiers/{name}/runs/{id}",
            "POST /classifiers/{name}/runs/{id}/cancel",
            "GET /events",
        ],
        ignoreOrder: true);
    }

    [Theory]
    [InlineData("swagger/index.html")]
    [InlineData("swagger")]
    [InlineData("")]
    public async Task The_page_to_try_the_routes_is_there(string path)
    {
        var system = await shared.GetAsync();
        using var response = await system.Api.Http.GetAsync(path, HttpCalls.Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("text/html");
    }

    [Fact]
    public async Task Pages_of_a_configured_origin_may_ask_and_others_may_not()
    {
        var system = await shared.GetAsync();
        var api = await system.StartApiAsync($"--Cors:Origins:0={Friend}");

        (await AllowedOriginAsync(api, Friend, "predict")).ShouldBe(Friend);
        (await AllowedOriginAsync(api, "https://elsewhere.example", "predict")).ShouldBeNull();
        // Without the header, a page could not read why it was refused.
        (await AllowedOriginAsync(api, Friend, "classifiers/nobody/predict")).ShouldBe(Friend);
        (await AllowedOriginAsync(system.Api, Friend, "predict")).ShouldBeNull();
        await system.StopAsync(api);
    }

    [Fact]
    public async Task A_browser_that_asks_first_is_told_what_it_may_send()
    {
        var system = await shared.GetAsync();
        var api = await system.StartApiAsync($"--Cors:Origins:0={Friend}");
        using var request = new HttpRequestMessage(HttpMethod.Options, "predict")
        {
            Headers = { { "Origin", Friend }, { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Headers", "content-type" } },
        };
        using var response = await api.Http.SendAsync(request, HttpCalls.Cancellation);

        response.IsSuccessStatusCode.ShouldBeTrue();
        response.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe([Friend]);
        response.Headers.GetValues("Access-Control-Allow-Headers").ShouldBe(["content-type"]);
        await system.StopAsync(api);
    }

    [Fact]
    public async Task Without_inference_predictions_are_put_off_and_feedback_is_still_taken()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets");
        using var nobody = new SilentPort();
        var api = await system.StartApiAsync($"--services:inference:http:0={nobody.Address}");
        foreach (var path in new[] { "predict", "classifiers/tickets/predict" })
        {
            using var response = await api.Http.PostTextAsync(path, SmallClassifier.PrinterText);
            (await response.ErrorAsync(HttpStatusCode.ServiceUnavailable)).ShouldContain("cannot be reached");
            response.Headers.RetryAfter?.Delta.ShouldNotBeNull();
        }

        using var batch = await api.Http.PostJsonAsync("classifiers/tickets/predict/batch", """[{"text":"a printer"}]""");
        await batch.ErrorAsync(HttpStatusCode.ServiceUnavailable);
        var feedback = await api.Http.PostAsync(
            "classifiers/tickets/feedback", new { text = "the fax is broken", true_label = "printer" }, ContractsJson.Default.FeedbackResponse);
        feedback.Unseen.ShouldBe(1);
        (await api.Http.GetAsync("tickets", ContractsJson.Default.PageTicket)).Items.ShouldBeEmpty();
        using var health = await api.Http.GetAsync("health", HttpCalls.Cancellation);
        health.StatusCode.ShouldBe(HttpStatusCode.OK);
        var report = await health.ReadAsync(ContractsJson.Default.HealthResponse);
        report.Status.ShouldBe("degraded");
        report.Reasons!.Keys.ShouldBe(["inference"]);
        api.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_inference_that_is_away_for_long_is_not_waited_for()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets");
        using var nobody = new SilentPort();
        var api = await system.StartApiAsync($"--services:inference:http:0={nobody.Address}");

        // Each would be tried for 30 s; the limit of the test is far below that for all of them.
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(async _ =>
        {
            using var response = await api.Http.PostTextAsync("predict", SmallClassifier.PrinterText);
            return response.StatusCode;
        }));

        answers.Distinct().ShouldBe([HttpStatusCode.ServiceUnavailable]);
    }

    [Fact]
    public async Task Once_inference_is_back_the_api_is_well_without_a_restart()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets");
        using var port = new SilentPort();
        var api = await system.StartApiAsync($"--services:inference:http:0={port.Address}");
        using (var response = await api.Http.PostTextAsync("predict", SmallClassifier.PrinterText))
        {
            await response.ErrorAsync(HttpStatusCode.ServiceUnavailable);
        }

        port.Dispose();
        await system.StartInferenceAsync($"--urls={port.Address}");

        await Eventually.IsSoAsync(
            "predictions are answered again",
            async _ =>
            {
                using var response = await api.Http.PostTextAsync("predict", SmallClassifier.PrinterText);
                return response.StatusCode == HttpStatusCode.OK;
            },
            HttpCalls.Cancellation);
        (await api.Http.GetStringAsync("health", HttpCalls.Cancellation)).ShouldBe("""{"status":"ok"}""");
    }

    private static async Task<string?> AllowedOriginAsync(RunningService api, string origin, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Headers = { { "Origin", origin } },
            Content = HttpCalls.Text("a printer"),
        };
        using var response = await api.Http.SendAsync(request, HttpCalls.Cancellation);
        return response.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) ? allowed.Single() : null;
    }
}
