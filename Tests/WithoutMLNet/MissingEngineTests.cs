using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using TicketAspire.Classifier.Engines;
using TicketAspire.Contracts;
using TicketAspire.Retrainer;
using TicketAspire.Retrainer.CommandLine;
using TicketAspire.Retrainer.Triggers;
using TicketAspire.Storage;
using TicketAspire.Tests.Retrainer.CommandLine;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.WithoutMLNet;

/// <summary>The default edition says what it lacks and what to do, where something needs ML.NET.</summary>
public sealed class MissingEngineTests
{
    private const string WhatToDo = "-p:Distributed=true";

    /// <summary>What an ML.NET model's file begins with.</summary>
    private static readonly byte[] Model = [.. "TKTASMLN"u8, 1, 0, 0, 0, 7, 7, 7];

    [Fact]
    public void A_model_of_the_missing_engine_is_not_called_damaged()
    {
        Should.Throw<MissingEngineException>(() => EngineCatalog.Read(Model)).Message.ShouldContain(WhatToDo);
        Should.Throw<InvalidDataException>(() => EngineCatalog.Read("TKTASsomething else"u8));
    }

    [Theory]
    [InlineData("MLNet")]
    [InlineData("mlnet")]
    public void The_engine_is_known_by_name_but_missing(string name) =>
        Should.Throw<MissingEngineException>(() => EngineCatalog.Get(name)).Message.ShouldContain(WhatToDo);

    [Theory]
    [InlineData("Classifiers:tickets:Engine")]
    [InlineData("Retraining:Engine")]
    public void A_retrainer_does_not_start_with_it(string setting) =>
        Should.Throw<InvalidOperationException>(() => RetrainerService.Build([$"--{setting}=MLNet"]))
            .Message.ShouldSatisfyAllConditions(message => message.ShouldStartWith(setting), message => message.ShouldContain(WhatToDo));

    [Fact]
    public void Nor_with_one_that_nobody_knows() =>
        Should.Throw<InvalidOperationException>(() => RetrainerService.Build(["--Classifiers:tickets:Engine=magic"]))
            .Message.ShouldContain("no engine 'magic'");

    [Theory]
    [InlineData("MLNet")]
    [InlineData("mlnet")]
    public async Task A_training_with_it_fails_once_and_says_why(string name)
    {
        await using var site = new CommandLineSite();
        var csv = site.Write("tickets.csv", SmallClassifier.Csv);
        await site.DoneAsync("import", csv);

        var result = await site.RunAsync("train", "--engine", name);

        result.Code.ShouldBe(ExitCodes.Failed);
        result.Error.ShouldContain(WhatToDo);
        (await site.Stores.Runs.OpenAsync(HttpCalls.Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_import_of_a_model_says_what_is_missing()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets");
        using var content = new ByteArrayContent([1, 2, 3]);

        using var response = await system.Api.Http.PostAsync("classifiers/tickets/models", content, HttpCalls.Cancellation);

        (await response.ErrorAsync(System.Net.HttpStatusCode.Conflict)).ShouldContain(WhatToDo);
        (await system.Store<IModelStore>().ListAsync("tickets", HttpCalls.Cancellation)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_import_that_the_operator_does_not_permit_is_refused()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets", "--Models:Import=false");
        using var content = new ByteArrayContent([1, 2, 3]);

        using var response = await system.Api.Http.PostAsync("classifiers/tickets/models", content, HttpCalls.Cancellation);

        (await response.ErrorAsync(System.Net.HttpStatusCode.Forbidden)).ShouldContain("Models:Import");
    }

    [Fact]
    public async Task A_champion_of_the_missing_engine_stays_until_a_person_decides()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets");
        var first = (await system.Store<IModelStore>().FindAsync("tickets", 1, HttpCalls.Cancellation))!;
        var foreign = (await system.Store<IRunStore>().ImportAsync(
            "tickets",
            new RunResult { File = Model, Metrics = first.Metrics, Lineage = first.Lineage, Promote = false, Reason = "Imported" },
            HttpCalls.Cancellation))!;
        await system.Store<IModelStore>().PromoteAsync("tickets", foreign.Version, "someone", HttpCalls.Cancellation);
        await Eventually.IsSoAsync(
            "Inference says what it cannot load",
            _ => Task.FromResult(system.Inference.Logs.Errors.Any(error => error.Words.Contains(WhatToDo, StringComparison.Ordinal))),
            HttpCalls.Cancellation);

        // What serves goes on.
        var answer = await system.Inference.Http.PostAsync(
            "predict", new { text = SmallClassifier.PrinterText }, ContractsJson.Default.PredictionResponse);
        answer.Model.ShouldBe(1);

        // No repair is asked for, and a training puts nothing in its place by itself.
        await new ChampionCheck(
            system.Store<IClassifierStore>(), system.Store<IModelStore>(), system.Store<IRunStore>(), NullLogger<ChampionCheck>.Instance)
            .EnsureAsync(HttpCalls.Cancellation);
        (await system.Store<IRunStore>().OpenAsync(HttpCalls.Cancellation)).ShouldBeEmpty();
        var run = await system.EndOfRunAsync((await system.Store<IRunStore>().RequestAsync("tickets", RunTrigger.Request, HttpCalls.Cancellation)).Id);
        run.State.ShouldBe(RunState.Rejected);
        run.Reason!.ShouldContain(WhatToDo);
    }
}
