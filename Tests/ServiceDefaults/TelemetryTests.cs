using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Telemetry;
using TicketAspire.Tests.Support;
using TicketAspire.Tests.Support.Telemetry;
using Xunit;

namespace TicketAspire.Tests.ServiceDefaults;

public sealed class TelemetryTests
{
    private const string Classifier = "traced";
    private const string Secret = "jane.doe@example.org";

    [Fact]
    public async Task One_trace_runs_from_the_browser_through_Web_and_Api_to_Inference_each_under_its_own_name()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using (var system = await RunningSystem.StartSmallAsync(Classifier, collector.Settings))
        {
            var ticket = await system.Api.Http.PostAsync(
                $"classifiers/{Classifier}/predict", new { text = $"{SmallClassifier.PrinterText} {Secret}" }, ContractsJson.Default.PredictionResponse);
            using var page = await system.Web.Http.GetAsync($"/?classifier={Classifier}&ticket={ticket.Id}", HttpCalls.Cancellation);
            page.EnsureSuccessStatusCode();
        }

        var spans = collector.Spans;
        spans.Select(span => span.Id).ShouldBeUnique();
        var web = spans.Single(span => span is { Service: "web", Scope: "Microsoft.AspNetCore" });
        var inference = spans.Single(span => span is { Service: "inference", Scope: "Microsoft.AspNetCore" } && span.Trace == web.Trace && span.Name.EndsWith("/predict", StringComparison.Ordinal));
        var callOfApi = spans.Single(span => span.Id == inference.Parent);
        var api = spans.Single(span => span.Id == callOfApi.Parent);
        var callOfWeb = spans.Single(span => span.Id == api.Parent);
        callOfWeb.Parent.ShouldBe(web.Id);
        new[] { callOfApi.Service, api.Service, callOfWeb.Service }.ShouldBe(["api", "api", "web"]);
        spans.ShouldAllBe(span => span.Service == "web" || span.Service == "api" || span.Service == "inference" || span.Service == "retrainer");
        collector.Logs.ShouldContain(log => log.Service == "inference" && log.Trace == web.Trace && log.Body.Contains("/predict", StringComparison.Ordinal));
        Everything(collector).ShouldAllBe(text => !text.Contains(Secret, StringComparison.Ordinal) && !text.Contains("paper jam", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_links_to_the_requests_whose_feedback_it_learns_and_what_is_measured_has_the_names_of_the_table()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using (var system = await RunningSystem.StartSmallAsync(Classifier, collector.Settings))
        {
            await system.Api.Http.PostAsync($"classifiers/{Classifier}/predict", new { text = SmallClassifier.PrinterText }, ContractsJson.Default.PredictionResponse);
            for (var i = 0; i < 10; i++)
            {
                await system.Api.Http.PostAsync(
                    $"classifiers/{Classifier}/feedback", new { text = $"the plotter on floor {i} jams", true_label = SmallClassifier.Printer }, ContractsJson.Default.FeedbackResponse);
            }

            await system.ServesAsync(Classifier, 2);
        }

        var feedback = collector.Spans
            .Where(span => span.Service == "api" && span.Attributes.GetValueOrDefault("http.request.method") == "POST" && span.Attributes.GetValueOrDefault("http.route", string.Empty).EndsWith("/feedback", StringComparison.Ordinal))
            .Select(span => span.Trace).ToArray();
        feedback.Length.ShouldBe(10);
        var run = collector.Spans.Single(span => span.Name == "retraining run" && span.Attributes[MeasureTags.Trigger] == "feedback");
        run.Service.ShouldBe("retrainer");
        run.LinkedTraces.ShouldBe(feedback, ignoreOrder: true);
        run.Attributes[MeasureTags.Outcome].ShouldBe("promoted");

        var prediction = collector.Points.Where(point => point.Name == Measures.Predictions).MaxBy(point => point.Value).ShouldNotBeNull();
        prediction.Service.ShouldBe("inference");
        prediction.Attributes[MeasureTags.Classifier].ShouldBe(Classifier);
        prediction.Attributes[MeasureTags.Category].ShouldBe(SmallClassifier.Printer);
        collector.Points.Select(point => point.Name).ShouldContain("http.server.request.duration");
        collector.Points.Where(point => point.Name == "http.server.request.duration").Select(point => point.Service).Distinct().ShouldContain("api");
    }

    [Fact]
    public async Task A_tickets_text_is_in_the_trace_where_that_is_switched_on_and_masked_even_then()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using (var system = await RunningSystem.StartSmallAsync(Classifier, [.. collector.Settings, "--Telemetry:TicketText=true"]))
        {
            await system.Inference.Http.PostAsync(
                $"classifiers/{Classifier}/predict", new { text = $"paper jam, write to {Secret}" }, ContractsJson.Default.PredictionResponse);
        }

        collector.Spans.Where(span => span.Attributes.ContainsKey(Traces.Text)).ShouldHaveSingleItem()
            .Attributes[Traces.Text].ShouldBe($"paper jam, write to {Masking.Masked}");
        Everything(collector).ShouldAllBe(text => !text.Contains(Secret, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Everything(OtlpCollector collector) =>
    [
        .. collector.Spans.SelectMany(span => span.Attributes.Values.Append(span.Name)),
        .. collector.Points.SelectMany(point => point.Attributes.Values),
        .. collector.Logs.SelectMany(log => log.Attributes.Values.Append(log.Body)),
    ];
}
