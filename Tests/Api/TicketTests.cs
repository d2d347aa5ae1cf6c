using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Telemetry;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Api;

public sealed class TicketTests(SharedSystem shared)
{
    /// <summary>A word that no other test's tickets hold.</summary>
    private readonly string _word = "x" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task A_classified_ticket_is_recorded_as_it_was_answered()
    {
        var system = await shared.GetAsync();
        var text = $"Größe \"{_word}\" 😀\nof the laptop screen";
        var answer = await system.Api.Http.PostAsync("predict", new { text }, ContractsJson.Default.PredictionResponse);

        var ticket = await system.Api.Http.GetAsync($"tickets/{answer.Id}", ContractsJson.Default.Ticket);

        ticket.Text.ShouldBe(text);
        ticket.Classifier.ShouldBe("tickets");
        ticket.Prediction.ShouldBe(answer.Prediction);
        ticket.Confidence.ShouldBe(answer.Confidence);
        ticket.Route.ShouldBe(answer.Route);
        ticket.Model.ShouldBe(answer.Model);
        ticket.Label.ShouldBeNull();
    }

    [Theory]
    [InlineData("a printer \u0000 jams")]
    [InlineData("\uFEFFprinter")]
    [InlineData("المكتب طابعة لا تعمل")]
    [InlineData("プリンターが動かない")]
    [InlineData("e\u0301\u0301\u0301 zalgo\u0300\u0301\u0302")]
    [InlineData("<script>alert('printer')</script> & \"quotes\"")]
    [InlineData("7")]
    public async Task Any_text_with_a_word_is_answered_and_kept_as_it_came(string text)
    {
        var system = await shared.GetAsync();

        var answer = await system.Api.Http.PostAsync("predict", new { text }, ContractsJson.Default.PredictionResponse);

        answer.Explanation.ShouldAllBe(term => term.Term == text.Substring(term.Start, term.Length));
        (await system.Api.Http.GetAsync($"tickets/{answer.Id}", ContractsJson.Default.Ticket)).Text.ShouldBe(text);
    }

    [Fact]
    public async Task The_longest_text_that_is_allowed_is_answered()
    {
        var system = await shared.GetAsync();
        var text = string.Concat(Enumerable.Repeat("größer ", 100_000 / 7)).PadRight(100_000, '€');

        var answer = await system.Api.Http.PostAsync("predict", new { text }, ContractsJson.Default.PredictionResponse);

        (await system.Api.Http.GetAsync($"tickets/{answer.Id}", ContractsJson.Default.Ticket)).Text.Length.ShouldBe(100_000);
    }

    [Fact]
    public async Task Tickets_are_listed_newest_first_page_by_page()
    {
        var system = await shared.GetAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await PredictAsync(system, $"laptop {_word} number {i}"));
        }

        ids.Reverse();
        var first = await ListAsync(system, $"search={_word}&limit=2");
        first.Items.Select(ticket => ticket.Id).ShouldBe(ids[..2]);
        var second = await ListAsync(system, $"search={_word}&limit=2&before={first.Next}");
        second.Items.Select(ticket => ticket.Id).ShouldBe(ids[2..4]);
        var last = await ListAsync(system, $"search={_word}&limit=2&before={second.Next}");
        last.Items.Select(ticket => ticket.Id).ShouldBe(ids[4..]);
        last.Next.ShouldBeNull();
    }

    [Fact]
    public async Task Tickets_are_filtered_by_classifier_category_route_and_words()
    {
        var system = await shared.GetAsync();
        var hardware = await PredictAsync(system, $"broken laptop screen {_word}");
        var leave = await PredictAsync(system, $"annual leave approval {_word}");
        using var response = await system.Api.Http.PostTextAsync("classifiers/intents/predict", $"reset my password {_word}");
        var intent = (await response.ReadAsync(ContractsJson.Default.PredictionResponse)).Id!;

        (await IdsAsync(system, $"search={_word}")).ShouldBe([intent, leave, hardware]);
        (await IdsAsync(system, $"search={_word}&classifier=intents")).ShouldBe([intent]);
        (await IdsAsync(system, $"search={_word}&classifier=tickets&prediction=Hardware")).ShouldBe([hardware]);
        (await IdsAsync(system, $"search={_word}%20LEAVE")).ShouldBe([leave]);
        (await IdsAsync(system, $"search={_word}%20nothing%20of%20that")).ShouldBeEmpty();
        var auto = await IdsAsync(system, $"search={_word}&route=auto");
        var review = await IdsAsync(system, $"search={_word}&route=review");
        auto.Concat(review).ShouldBe([intent, leave, hardware], ignoreOrder: true);
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("* OR NEAR( AND NOT")]
    [InlineData("'; DROP TABLE tickets; --")]
    [InlineData("%_\\")]
    [InlineData("a:b^2 -c +d {e}")]
    [InlineData("\0")]
    public async Task Whatever_is_searched_for_is_no_error(string search)
    {
        var system = await shared.GetAsync();
        using var response = await system.Api.Http.GetAsync($"tickets?search={Uri.EscapeDataString(search)}", HttpCalls.Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=-1")]
    [InlineData("limit=many")]
    [InlineData("limit=99999999999999")]
    [InlineData("route=somewhere")]
    public async Task A_filter_that_makes_no_sense_is_refused(string query)
    {
        var system = await shared.GetAsync();
        using var response = await system.Api.Http.GetAsync($"tickets?{query}", HttpCalls.Cancellation);

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).ShouldContain(query.Split('=')[0]);
    }

    [Fact]
    public async Task A_page_before_no_known_ticket_is_no_server_error()
    {
        var system = await shared.GetAsync();
        using var response = await system.Api.Http.GetAsync("tickets?before=nothing", HttpCalls.Cancellation);

        ((int)response.StatusCode).ShouldBeLessThan(500);
    }

    [Theory]
    [InlineData("tickets/0190000000007000800000000000dead")]
    [InlineData("tickets/no-id")]
    [InlineData("tickets/0190000000007000800000000000dead/prediction")]
    [InlineData("nowhere")]
    public async Task What_is_not_there_is_not_found(string path)
    {
        var system = await shared.GetAsync();
        using var response = await system.Api.Http.GetAsync(path, HttpCalls.Cancellation);

        (await response.ErrorAsync(HttpStatusCode.NotFound)).ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task A_recorded_ticket_is_explained_anew_without_being_recorded_again()
    {
        var system = await shared.GetAsync();
        var id = await PredictAsync(system, $"broken laptop screen {_word}");

        var answer = await system.Api.Http.GetAsync($"tickets/{id}/prediction", ContractsJson.Default.PredictionResponse);

        answer.Id.ShouldBe(id);
        answer.Prediction.ShouldBe("Hardware");
        answer.Explanation.ShouldNotBeEmpty();
        (await IdsAsync(system, $"search={_word}")).ShouldBe([id]);
    }

    [Fact]
    public async Task Looking_at_a_ticket_again_is_not_counted_as_one_that_came_in()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets");
        var counted = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == Measures.Predictions && instrument.Meter.Scope == system.Inference.Services.GetRequiredService<IMeterFactory>())
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, one, _, _) => Interlocked.Add(ref counted, one));
        listener.Start();

        var id = await PredictAsync(system, SmallClassifier.PrinterText);
        for (var i = 0; i < 3; i++)
        {
            await system.Api.Http.GetAsync($"tickets/{id}/prediction", ContractsJson.Default.PredictionResponse);
        }

        Interlocked.Read(ref counted).ShouldBe(1);
    }

    [Fact]
    public async Task A_batch_records_what_it_answers_and_only_that()
    {
        var system = await shared.GetAsync();
        using var response = await system.Api.Http.PostJsonAsync(
            "classifiers/tickets/predict/batch",
            JsonSerializer.Serialize(new[] { new { text = $"laptop {_word}" }, new { text = "..." }, new { text = $"leave {_word}" } }));

        var answers = (await response.JsonAsync()).EnumerateArray().ToArray();
        answers.Length.ShouldBe(3);
        answers[1].GetProperty("error").GetString().ShouldBe("The text holds no word");
        (await IdsAsync(system, $"search={_word}")).ShouldBe(
            [answers[0].GetProperty("id").GetString()!, answers[2].GetProperty("id").GetString()!], ignoreOrder: true);
    }

    [Fact]
    public async Task Lines_are_answered_and_recorded_as_they_come()
    {
        var system = await shared.GetAsync();
        await using var exchange = await LineExchange.OpenAsync(
            new Uri(system.Api.Address, "classifiers/tickets/predict/batch"), "application/x-ndjson");

        await exchange.SendAsync($$"""{"text":"broken laptop screen {{_word}}"}""");
        (await exchange.StatusAsync()).ShouldBe(200);
        var id = JsonElement.Parse((await exchange.NextAsync())!).GetProperty("id").GetString();
        (await IdsAsync(system, $"search={_word}")).ShouldBe([id!]);
        await exchange.SendAsync("nonsense");
        JsonElement.Parse((await exchange.NextAsync())!).GetProperty("error").GetString().ShouldNotBeNullOrEmpty();
        await exchange.SendAsync($$"""{"text":"annual leave {{_word}}"}""");
        JsonElement.Parse((await exchange.NextAsync())!).GetProperty("prediction").GetString().ShouldBe("HR Support");
        await exchange.EndAsync();
        (await exchange.NextAsync()).ShouldBeNull();
    }

    private static async Task<string> PredictAsync(RunningSystem system, string text) =>
        (await system.Api.Http.PostAsync("predict", new { text }, ContractsJson.Default.PredictionResponse)).Id.ShouldNotBeNull();

    private static Task<Page<Ticket>> ListAsync(RunningSystem system, string query) =>
        system.Api.Http.GetAsync($"tickets?{query}", ContractsJson.Default.PageTicket);

    private static async Task<string[]> IdsAsync(RunningSystem system, string query) =>
        [.. (await ListAsync(system, query)).Items.Select(ticket => ticket.Id)];
}
