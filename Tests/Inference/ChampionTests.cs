using System.Collections.Concurrent;
using System.Net;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Inference;

/// <summary>Two versions that contradict each other: which one has answered is seen from the answer.</summary>
public sealed class ChampionTests : IAsyncLifetime
{
    private RunningSystem _system = null!;

    public async ValueTask InitializeAsync()
    {
        _system = await RunningSystem.StartSmallAsync("tickets");
        await _system.ImportAsync("tickets", SmallClassifier.ExchangedCsv);
    }

    public ValueTask DisposeAsync() => _system.DisposeAsync();

    [Fact]
    public async Task Whichever_version_is_promoted_answers()
    {
        (await PredictAsync()).ShouldBe((2, SmallClassifier.Network));

        await PromoteAsync(1);
        await _system.ServesAsync("tickets", 1);
        (await PredictAsync()).ShouldBe((1, SmallClassifier.Printer));

        await PromoteAsync(2);
        await _system.ServesAsync("tickets", 2);
        (await PredictAsync()).ShouldBe((2, SmallClassifier.Network));
    }

    [Fact]
    public async Task Under_load_no_request_fails_while_champions_change_and_no_answer_mixes_two()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(HttpCalls.Cancellation);
        var answers = new ConcurrentBag<(int Model, string Prediction)>();
        var load = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                answers.Add(await PredictAsync());
            }
        })).ToArray();

        for (var swap = 0; swap < 6; swap++)
        {
            await PromoteAsync(1 + (swap % 2));
            await _system.ServesAsync("tickets", 1 + (swap % 2));
        }

        await stop.CancelAsync();
        // A request that failed would fail its worker.
        await Task.WhenAll(load);

        answers.Distinct().Order().ShouldBe([(1, SmallClassifier.Printer), (2, SmallClassifier.Network)]);
        _system.Inference.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_damaged_model_is_refused_once_and_the_present_one_goes_on()
    {
        await DamageAsync(1);

        await PromoteAsync(1);
        await Eventually.IsSoAsync(
            "the damaged model is reported",
            _ => Task.FromResult(_system.Inference.Logs.Errors.Count > 0),
            HttpCalls.Cancellation);

        (await PredictAsync()).ShouldBe((2, SmallClassifier.Network));
        // What comes afterwards is served again, and the refusal is not repeated all the while.
        var settings = new ClassifierSettings { Threshold = 0.123 };
        await _system.Store<IClassifierStore>().SetAsync("tickets", settings, HttpCalls.Cancellation);
        await PromoteAsync(2);
        await Eventually.IsSoAsync(
            "the new threshold serves",
            async _ => (await _system.Inference.Http.GetAsync("classifiers", ContractsJson.Default.IReadOnlyListServedClassifier))
                .Single().Threshold.Equals(0.123),
            HttpCalls.Cancellation);
        (await PredictAsync()).ShouldBe((2, SmallClassifier.Network));
        _system.Inference.Logs.Errors.ShouldHaveSingleItem().Words.ShouldContain("version 1 cannot be loaded");
    }

    [Fact]
    public async Task A_service_that_starts_on_a_damaged_champion_serves_all_others()
    {
        await _system.ImportAsync("others", SmallClassifier.Csv + "printer still jams,printer\n");
        await DamageAsync(2);

        var restarted = await _system.StartInferenceAsync();

        using var damaged = await restarted.Http.PostTextAsync("predict", SmallClassifier.PrinterText);
        (await damaged.ErrorAsync(HttpStatusCode.ServiceUnavailable)).ShouldStartWith("Version 2 of the classifier 'tickets' cannot be loaded");
        var other = await restarted.Http.PostAsync(
            "classifiers/others/predict", new { text = SmallClassifier.PrinterText }, ContractsJson.Default.PredictionResponse);
        other.Prediction.ShouldBe(SmallClassifier.Printer);
        using var health = await restarted.Http.GetAsync("health", HttpCalls.Cancellation);
        health.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await health.JsonAsync()).GetProperty("status").GetString().ShouldBe("degraded");
    }

    [Fact]
    public async Task A_fixed_threshold_decides_the_route_as_soon_as_it_is_set()
    {
        await _system.Store<IClassifierStore>().SetAsync("tickets", new ClassifierSettings { Threshold = 1 }, HttpCalls.Cancellation);
        await Eventually.IsSoAsync("the route is review", async _ => await RouteAsync() == Routes.Review, HttpCalls.Cancellation);

        await _system.Store<IClassifierStore>().SetAsync("tickets", new ClassifierSettings { Threshold = 0 }, HttpCalls.Cancellation);
        await Eventually.IsSoAsync("the route is automatic", async _ => await RouteAsync() == Routes.Auto, HttpCalls.Cancellation);
    }

    private async Task<(int Model, string Prediction)> PredictAsync()
    {
        var answer = await _system.Inference.Http.PostAsync(
            "predict", new { text = SmallClassifier.PrinterText }, ContractsJson.Default.PredictionResponse);
        return (answer.Model, answer.Prediction);
    }

    private async Task<string> RouteAsync() =>
        (await _system.Inference.Http.PostAsync("predict", new { text = "printer or vacation" }, ContractsJson.Default.PredictionResponse)).Route;

    private async Task PromoteAsync(int version) =>
        (await _system.Store<IModelStore>().PromoteAsync("tickets", version, "a test", HttpCalls.Cancellation)).ShouldNotBeNull();

    private async Task DamageAsync(int version)
    {
        var model = await _system.Store<IModelStore>().FindAsync("tickets", version, HttpCalls.Cancellation);
        await using var connection = _system.Connect();
        var file = await _system.Store<IModelStore>().ReadAsync("tickets", version, HttpCalls.Cancellation);
        file[file.Length / 2] ^= 1;
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE model_files SET content = $content WHERE checksum = $checksum";
        command.Parameters.AddWithValue("$content", file);
        command.Parameters.AddWithValue("$checksum", model!.Checksum);
        (await command.ExecuteNonQueryAsync(HttpCalls.Cancellation)).ShouldBe(1);
    }
}
