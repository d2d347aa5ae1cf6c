using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using TicketAspire.Classifier;
using TicketAspire.Contracts;
using TicketAspire.Retrainer.Runs;
using TicketAspire.Retrainer.Triggers;
using TicketAspire.Storage;
using TicketAspire.Tests.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Retrainer;

/// <summary>A champion that this version of the program cannot read is trained anew.</summary>
public sealed class ChampionCheckTests : IAsyncDisposable
{
    private static readonly TrainedClassifier Trained = Trainer.Train(
        [.. SmallClassifier.Examples.Select(example => new LabelledText(example.Text, example.Label))], new TrainingSettings());

    private readonly SqliteSite _site = new();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_champion_of_another_format_asks_for_a_run_once()
    {
        var stores = _site.Open();
        var file = ModelFile.Write(Trained.Model);
        file[8] ^= 0x40;
        await PublishAsync(stores, file);

        await Check(stores).EnsureAsync(HttpCalls.Cancellation);
        await Check(_site.Open()).EnsureAsync(HttpCalls.Cancellation);

        var run = (await stores.Runs.OpenAsync(HttpCalls.Cancellation)).ShouldHaveSingleItem();
        (run.Classifier, run.Trigger).ShouldBe(("tickets", RunTrigger.Repair));
    }

    [Fact]
    public async Task A_champion_that_can_be_read_and_a_classifier_without_one_ask_for_none()
    {
        var stores = _site.Open();
        await PublishAsync(stores, ModelFile.Write(Trained.Model));
        var dataset = await stores.Datasets.SaveAsync(SmallClassifier.Examples, HttpCalls.Cancellation);
        await stores.Classifiers.PutAsync("new", LabelKind.Category, dataset.Hash, HttpCalls.Cancellation);

        await Check(stores).EnsureAsync(HttpCalls.Cancellation);

        (await stores.Runs.OpenAsync(HttpCalls.Cancellation)).ShouldBeEmpty();
    }

    private static ChampionCheck Check(IStores stores) =>
        new(stores.Classifiers, stores.Models, stores.Runs, AllEngines.Catalog, NullLogger<ChampionCheck>.Instance);

    private static async Task PublishAsync(IStores stores, byte[] file)
    {
        var dataset = await stores.Datasets.SaveAsync(SmallClassifier.Examples, HttpCalls.Cancellation);
        await stores.Classifiers.PutAsync("tickets", LabelKind.Category, dataset.Hash, HttpCalls.Cancellation);
        await stores.Runs.RequestAsync("tickets", RunTrigger.Import, HttpCalls.Cancellation);
        var run = (await stores.Runs.ClaimAsync("one", TimeSpan.FromMinutes(1), new RetryBackoff(TimeSpan.Zero, TimeSpan.Zero), HttpCalls.Cancellation))!;
        await stores.Runs.CompleteAsync(
            run.Id,
            "one",
            new RunResult
            {
                File = file,
                Metrics = Measuring.Of(Trained.OutOfFold, [], targetPrecision: 0.95, leastThreshold: 0.5),
                Lineage = new ModelLineage(dataset.Hash, 0, "settings", 1, SmallClassifier.Examples.Count),
                Promote = true,
                Reason = "the first",
            },
            HttpCalls.Cancellation);
    }
}
