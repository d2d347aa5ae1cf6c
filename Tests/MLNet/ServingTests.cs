using System.Collections.Concurrent;
using Shouldly;
using TicketAspire.Classifier.Engines;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.MLNet;

/// <summary>The system with a classifier whose first model is ML.NET's, and whose second is the own engine's and contradicts it.</summary>
[Collection("ML.NET")]
public sealed class ServingTests : IAsyncLifetime
{
    private RunningSystem _system = null!;

    public async ValueTask InitializeAsync()
    {
        _system = await RunningSystem.StartSmallAsync("tickets", "--Classifiers:tickets:Engine=MLNet");
    }

    public ValueTask DisposeAsync() => _system.DisposeAsync();

    [Fact]
    public async Task A_run_with_mlnet_goes_through_registry_gate_and_service()
    {
        var model = (await _system.Store<IModelStore>().FindAsync("tickets", 1, HttpCalls.Cancellation))!;

        model.State.ShouldBe(ModelState.Champion);
        model.Lineage.Engine.ShouldBe(EngineNames.MLNet);
        model.Lineage.Settings.ShouldStartWith("mlnet/1 ML.NET=");
        (await AnswerAsync()).ShouldBe((1, SmallClassifier.Printer));

        // The same lineage gives the same bytes.
        var run = await _system.EndOfRunAsync((await _system.Store<IRunStore>().RequestAsync("tickets", RunTrigger.Request, HttpCalls.Cancellation)).Id);
        run.State.ShouldBe(RunState.Promoted);
        (await _system.Store<IModelStore>().FindAsync("tickets", 2, HttpCalls.Cancellation))!.Checksum.ShouldBe(model.Checksum);
    }

    [Fact]
    public async Task An_answer_is_explained()
    {
        var answer = await _system.Inference.Http.PostAsync(
            "predict", new { text = SmallClassifier.PrinterText }, ContractsJson.Default.PredictionResponse);

        answer.Explanation.ShouldNotBeEmpty();
        answer.Explanation.ShouldAllBe(term => SmallClassifier.PrinterText.Substring(term.Start, term.Length) == term.Term);
    }

    [Fact]
    public async Task Under_load_no_answer_is_stale_once_a_swap_is_announced()
    {
        await TrainContraryAsync();
        var stop = new CancellationTokenSource();
        var answers = new ConcurrentBag<(int Model, string Prediction)>();
        var announced = 2;
        var stale = 0;
        var load = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                // Begun after the announcement: 0 while a swap is on its way.
                var expected = Volatile.Read(ref announced);
                var answer = await AnswerAsync();
                answers.Add(answer);
                if (expected != 0 && answer.Model != expected && Volatile.Read(ref announced) == expected)
                {
                    Interlocked.Increment(ref stale);
                }
            }
        })).ToArray();

        for (var swap = 0; swap < 10; swap++)
        {
            var next = 1 + (swap % 2);
            Volatile.Write(ref announced, 0);
            await _system.Store<IModelStore>().PromoteAsync("tickets", next, "test", HttpCalls.Cancellation);
            await _system.ServesAsync("tickets", next);
            Volatile.Write(ref announced, next);
            var enough = answers.Count + 100;
            await Eventually.IsSoAsync("it answers", _ => Task.FromResult(answers.Count > enough), HttpCalls.Cancellation);
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
        stop.Dispose();

        stale.ShouldBe(0);
        answers.Distinct().Order().ShouldBe([(1, SmallClassifier.Printer), (2, SmallClassifier.Network)]);
        _system.Inference.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Both_engines_are_champion_and_challenger_and_are_compared()
    {
        await TrainContraryAsync();
        await _system.Store<IClassifierStore>().SetChallengerAsync("tickets", 1, HttpCalls.Cancellation);
        await Eventually.IsSoAsync(
            "the challenger is in memory",
            async _ => (await _system.Inference.Http.GetAsync("classifiers", ContractsJson.Default.IReadOnlyListServedClassifier)).Single().Challenger == 1,
            HttpCalls.Cancellation);

        (await AnswerAsync()).ShouldBe((2, SmallClassifier.Network));

        await Eventually.IsSoAsync(
            "the comparison is written down",
            async cancellation => await _system.Store<IShadowStore>().ReadAsync("tickets", cancellation) is { Compared: > 0, Agreed: 0 },
            HttpCalls.Cancellation);
    }

    [Fact]
    public async Task A_retrainer_cancels_a_run_of_it()
    {
        var run = await _system.Store<IRunStore>().RequestAsync("tickets", RunTrigger.Request, HttpCalls.Cancellation);
        await _system.Store<IRunStore>().CancelAsync(run.Id, "someone", HttpCalls.Cancellation);

        (await _system.EndOfRunAsync(run.Id)).State.ShouldBe(RunState.Cancelled);
        (await AnswerAsync()).Model.ShouldBe(1);
    }

    // By a retrainer of its own, which is configured otherwise.
    private async Task TrainContraryAsync()
    {
        await _system.StopAsync(_system.Retrainer);
        var own = await _system.StartRetrainerAsync("--Classifiers:tickets:Engine=own");
        await _system.ImportAsync("tickets", SmallClassifier.ExchangedCsv);
        (await _system.Store<IModelStore>().FindAsync("tickets", 2, HttpCalls.Cancellation))!.Lineage.Engine.ShouldBe(EngineNames.Own);
        own.Logs.Errors.ShouldBeEmpty();
    }

    private async Task<(int Model, string Prediction)> AnswerAsync()
    {
        var answer = await _system.Inference.Http.PostAsync(
            "predict", new { text = SmallClassifier.PrinterText }, ContractsJson.Default.PredictionResponse);
        return (answer.Model, answer.Prediction);
    }
}
