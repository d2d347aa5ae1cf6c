using System.Net;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using TicketAspire.Tests.Support.Redis;
using Xunit;

namespace TicketAspire.Tests.Replicas;

/// <summary>Redis dies, hangs, fails over and fills up while clients work.</summary>
public sealed class OutageTests
{
    private const string Classifier = "outages";

    // What is sent here is for counting, not for learning.
    private static readonly string[] Settings = ["--Retraining:After=1000000"];

    [Fact]
    public async Task What_is_acknowledged_survives_kills_of_Redis_and_predictions_go_on()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        await using var system = await StartAsync(redis.ConnectionString);

        await UnderLoadAsync(system, async (predictions, feedback) =>
        {
            for (var kill = 0; kill < 20; kill++)
            {
                await feedback.AcknowledgedAsync(20);
                await redis.KillAsync();
                await feedback.RefusedAsync(1);
                await predictions.AnsweredAsync(20);
                await redis.RestartAsync();
            }
        });
    }

    [Fact]
    public async Task A_Redis_that_hangs_costs_feedback_a_503_and_predictions_nothing()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        await using var system = await StartAsync(redis.ConnectionString);

        await UnderLoadAsync(system, async (predictions, feedback) =>
        {
            await redis.PauseAsync();
            await feedback.RefusedAsync(20);
            await predictions.AnsweredAsync(20);
            await redis.ResumeAsync();
        });
    }

    [Fact]
    public async Task After_a_failover_everything_that_a_replica_has_confirmed_is_there()
    {
        RedisServer.Require();
        await using var one = await RedisServer.StartAsync();
        await using var other = await RedisServer.StartAsync();
        await other.ReplicateAsync(one);
        await using var sentinel = await RedisSentinel.StartAsync(one);
        await using var system = await StartAsync(sentinel.ConnectionString, "--Storage:Redis:Replicas=1");

        await UnderLoadAsync(system, async (predictions, feedback) =>
        {
            await one.KillAsync();
            (await sentinel.FailoverAsync(one)).ShouldBe(other.Port);
            await feedback.RefusedAsync(1);
            await predictions.AnsweredAsync(20);
            // As the other's replica: until then nothing is confirmed.
            await one.RestartAsync();
        });
    }

    [Fact]
    public async Task A_training_outlives_a_restart_of_Redis()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        await using var system = await StartAsync(redis.ConnectionString, "--Retraining:Lease=00:00:30");
        var examples = Enumerable.Range(0, 6_000)
            .Select(i => (Of: SmallClassifier.Examples[i % SmallClassifier.Examples.Count], Number: i))
            .Select(one => one.Of with { Text = $"{one.Of.Text} {one.Number * 7919 % 6007} {one.Number * 104729 % 6011}" });
        await system.StoreAnswersAsync();
        using var import = await system.Api.Http.PostAsync(
            $"classifiers/{Classifier}/dataset", HttpCalls.Csv(SmallClassifier.ToCsv(examples)), HttpCalls.Cancellation);
        var run = (await import.ReadAsync(ContractsJson.Default.ImportResponse)).Run;

        await system.EventAsync("it trains", change => change.Run is { Stage: RunStage.Features or RunStage.Training } one && one.Id == run.Id);
        await redis.RestartAsync();

        var ended = await system.EndOfRunAsync(run.Id);
        (ended.State, ended.Model).ShouldBe((RunState.Promoted, 2));
        await system.ServesAsync(Classifier, 2);
    }

    [Fact]
    public async Task A_full_Redis_refuses_feedback_with_507_keeps_answering_and_goes_on_when_it_has_room()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        await using var system = await StartAsync(redis.ConnectionString);
        (await SendAsync(system, "before it is full")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var before = await ContentsAsync(system);

        await redis.CallAsync("CONFIG", "SET", "maxmemory", "1mb");
        (await (await SendAsync(system, "while it is full")).ErrorAsync(HttpStatusCode.InsufficientStorage)).ShouldContain("full");
        (await (await system.Api.Http.PostAsync($"classifiers/{Classifier}/retrain", null, HttpCalls.Cancellation))
            .ErrorAsync(HttpStatusCode.InsufficientStorage)).ShouldContain("full");
        (await (await system.Api.Http.PostAsync($"classifiers/{Classifier}/dataset", HttpCalls.Csv(SmallClassifier.ExchangedCsv), HttpCalls.Cancellation))
            .ErrorAsync(HttpStatusCode.InsufficientStorage)).ShouldContain("full");
        var answer = await system.Api.Http.PostAsync(
            $"classifiers/{Classifier}/predict", new { text = SmallClassifier.PrinterText }, ContractsJson.Default.PredictionResponse);
        answer.Prediction.ShouldBe(SmallClassifier.Printer);
        answer.Id.ShouldBeNull();
        (await ContentsAsync(system)).ShouldBe(before);

        await redis.CallAsync("CONFIG", "SET", "maxmemory", "0");
        (await SendAsync(system, "when it has room")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var run = await system.Api.Http.PostAsync($"classifiers/{Classifier}/retrain", new { }, ContractsJson.Default.RetrainingRun);
        (await system.EndOfRunAsync(run.Id)).Model.ShouldBe(2);
        var all = await system.Store<IFeedbackStore>().ReadAsync(Classifier, HttpCalls.Cancellation);
        all.Select(entry => entry.Text).ShouldBe(["before it is full", "when it has room"]);
    }

    [Fact]
    public async Task An_emptied_Redis_does_not_take_the_models_in_memory_with_it()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        await using var system = await StartAsync(redis.ConnectionString);

        await redis.CallAsync("FLUSHALL");
        await Eventually.IsSoAsync(
            "Inference says that the store is empty",
            _ => Task.FromResult(system.Inference.Logs.Errors.Any(entry => entry.Words.Contains("The store is empty", StringComparison.Ordinal))),
            HttpCalls.Cancellation);

        var answer = await system.Inference.Http.PostAsync(
            $"classifiers/{Classifier}/predict", new { text = SmallClassifier.PrinterText }, ContractsJson.Default.PredictionResponse);
        answer.Prediction.ShouldBe(SmallClassifier.Printer);
    }

    private static Task<RunningSystem> StartAsync(string redis, params string[] args) =>
        RunningSystem.StartSmallAsync(Classifier, [$"--ConnectionStrings:redis={redis}", .. Settings, .. args]);

    private static Task<HttpResponseMessage> SendAsync(RunningSystem system, string text) =>
        system.Api.Http.PostJsonAsync(
            $"classifiers/{Classifier}/feedback", $$"""{"text": "{{text}}", "true_label": "{{SmallClassifier.Printer}}"}""");

    private static async Task<string> ContentsAsync(RunningSystem system)
    {
        var classifier = await system.Store<IClassifierStore>().FindAsync(Classifier, HttpCalls.Cancellation);
        var feedback = await system.Store<IFeedbackStore>().ReadAsync(Classifier, HttpCalls.Cancellation);
        var runs = await system.Store<IRunStore>().ListAsync(Classifier, 10, HttpCalls.Cancellation);
        var models = await system.Store<IModelStore>().ListAsync(Classifier, HttpCalls.Cancellation);
        return $"{classifier!.Dataset} {classifier.Champion} {feedback.Count} {string.Join(' ', runs.Select(run => run.State))} {models.Count}";
    }

    // What is acknowledged before, while and after something happens is there once, and no prediction fails.
    private static async Task UnderLoadAsync(RunningSystem system, Func<PredictionClients, FeedbackClients, Task> happens)
    {
        var predictions = PredictionClients.Start(Classifier, system.Inference.Http, system.Api.Http);
        var feedback = FeedbackClients.Start(system.Api.Http, Classifier);
        await feedback.AcknowledgedAsync(20);
        await happens(predictions, feedback);
        await feedback.AcknowledgedAsync(20);
        await feedback.StopAsync();
        await predictions.StopAsync();

        predictions.Problems.ShouldBeEmpty();
        feedback.Problems.ShouldBeEmpty();
        var stored = await system.Store<IFeedbackStore>().ReadAsync(Classifier, HttpCalls.Cancellation);
        stored.ToDictionary(entry => entry.Text, entry => entry.Id).ShouldBe(feedback.Acknowledged, ignoreOrder: true);
    }
}
