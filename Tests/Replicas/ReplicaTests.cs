using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage.Redis;
using TicketAspire.Tests.Support;
using TicketAspire.Tests.Support.Redis;
using Xunit;

namespace TicketAspire.Tests.Replicas;

/// <summary>Several processes of each service on one Redis.</summary>
public sealed class ReplicaTests
{
    private const string Classifier = "replicas";

    private static CancellationToken Cancellation => HttpCalls.Cancellation;

    [Fact]
    public async Task Ten_corrections_through_two_Apis_make_one_run_of_two_retrainers_and_a_model_that_both_Inferences_serve()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        var where = $"--ConnectionStrings:redis={redis.ConnectionString}";
        ServiceProcess[] retrainers = await Task.WhenAll(
            ServiceProcess.StartAsync("Retrainer", where, "--Retraining:StarterData=false"),
            ServiceProcess.StartAsync("Retrainer", where, "--Retraining:StarterData=false"));
        ServiceProcess[] inferences = await Task.WhenAll(
            ServiceProcess.StartAsync("Inference", where), ServiceProcess.StartAsync("Inference", where));
        ServiceProcess[] apis = await Task.WhenAll(inferences.Select(inference =>
            ServiceProcess.StartAsync("Api", where, $"--services:inference:http:0={inference.Address}")));
        await using var store = new RedisStore(redis.ConnectionString);
        try
        {
            using (var import = await apis[0].Http.PostAsync($"classifiers/{Classifier}/dataset", HttpCalls.Csv(SmallClassifier.Csv), Cancellation))
            {
                await import.ReadAsync(ContractsJson.Default.ImportResponse);
            }

            await Task.WhenAll(inferences.Select(inference => ServesAsync(inference, 1)));
            for (var i = 0; i < 10; i++)
            {
                await apis[i % 2].Http.PostAsync(
                    $"classifiers/{Classifier}/feedback",
                    new { text = $"the plotter on floor {i} is out of ink", true_label = SmallClassifier.Printer },
                    ContractsJson.Default.FeedbackResponse);
            }

            await Task.WhenAll(inferences.Select(inference => ServesAsync(inference, 2)));
            var served = TimeProvider.System.GetUtcNow();
            var promoted = (await new RedisModelStore(store, TimeProvider.System).FindAsync(Classifier, 2, Cancellation))!.PromotedAt!.Value;
            TestContext.Current.TestOutputHelper!.WriteLine($"Both serve {(served - promoted).TotalMilliseconds:F0} ms after the promotion.");

            foreach (var api in apis)
            {
                var answer = await api.Http.PostAsync(
                    $"classifiers/{Classifier}/predict", new { text = "the plotter on floor 3 is out of ink" }, ContractsJson.Default.PredictionResponse);
                (answer.Prediction, answer.Model).ShouldBe((SmallClassifier.Printer, 2));
            }

            var runs = await new RedisRunStore(store, TimeProvider.System).ListAsync(Classifier, 10, Cancellation);
            runs.Select(run => (run.Trigger, run.State)).ShouldBe(
                [(RunTrigger.Feedback, RunState.Promoted), (RunTrigger.Import, RunState.Promoted)]);
        }
        finally
        {
            foreach (var service in (ServiceProcess[])[.. apis, .. inferences, .. retrainers])
            {
                await service.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_retrainer_that_was_paused_past_its_lease_does_not_publish()
    {
        RedisServer.Require();
        await using var redis = await RedisServer.StartAsync();
        string[] settings =
        [
            $"--ConnectionStrings:redis={redis.ConnectionString}", "--Retraining:StarterData=false", "--Retraining:Lease=00:00:04",
        ];
        await using var store = new RedisStore(redis.ConnectionString);
        var runs = new RedisRunStore(store, TimeProvider.System);
        await using var paused = await ServiceProcess.StartAsync("Retrainer", settings);
        await CreateAsync(store);

        var first = await runs.RequestAsync(Classifier, RunTrigger.Request, Cancellation);
        await EventAsync(store, "it trains", change => change.Run is { Stage: RunStage.Features or RunStage.Training } run && run.Id == first.Id);
        await paused.PauseAsync();
        (await runs.FindAsync(first.Id, Cancellation))!.State.ShouldBe(RunState.Running);
        await using (await ServiceProcess.StartAsync("Retrainer", settings))
        {
            await EventAsync(store, "another takes over and promotes", change => change is { Type: EventTypes.Champion, Model: 1 });
        }

        // It finishes what it was about, in vain, before it takes the next: there is nobody else.
        await paused.ResumeAsync();
        var last = await runs.RequestAsync(Classifier, RunTrigger.Request, Cancellation);
        await EventAsync(store, "it goes on with the next", change => change.Run is { EndedAt: not null } run && run.Id == last.Id);

        var all = await runs.ListAsync(Classifier, 10, Cancellation);
        all.Select(run => run.State).ShouldBe([RunState.Promoted, RunState.Promoted, RunState.Interrupted]);
        var models = await new RedisModelStore(store, TimeProvider.System).ListAsync(Classifier, Cancellation);
        models.Select(model => (model.Version, model.Run)).ShouldBe([(2, all[0].Id), (1, all[1].Id)]);
        all[2].Id.ShouldBe(first.Id);
    }

    private static async Task CreateAsync(RedisStore store)
    {
        // Enough that training takes a while.
        var examples = Enumerable.Range(0, 6_000).Select(i => new Example(
            $"{SmallClassifier.Examples[i % SmallClassifier.Examples.Count].Text} {i} {i * 7919 % 6007} {i * 104729 % 6011}",
            SmallClassifier.Examples[i % SmallClassifier.Examples.Count].Label));
        var dataset = await new RedisDatasetStore(store, TimeProvider.System).SaveAsync([.. examples], Cancellation);
        await new RedisClassifierStore(store, TimeProvider.System).PutAsync(Classifier, LabelKind.Category, dataset.Hash, Cancellation);
    }

    private static Task<ServiceEvent> EventAsync(RedisStore store, string what, Func<ServiceEvent, bool> meant) =>
        Eventually.WithinLimitAsync(
            what, async limit => await new RedisEventLog(store).FollowAsync(0, limit).FirstAsync(meant, limit), Cancellation);

    private static Task ServesAsync(ServiceProcess inference, int version) =>
        Eventually.IsSoAsync(
            $"version {version} serves",
            async _ => (await inference.Http.GetAsync("classifiers", ContractsJson.Default.IReadOnlyListServedClassifier))
                .Any(served => served.Name == Classifier && served.Model == version),
            Cancellation);
}
