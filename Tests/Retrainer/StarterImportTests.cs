using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Retrainer;
using TicketAspire.Retrainer.StarterData;
using TicketAspire.Storage;
using TicketAspire.Tests.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Retrainer;

public sealed class StarterImportTests : IAsyncDisposable
{
    private readonly SqliteSite _site = new();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Both_classifiers_are_set_up_with_a_run_each()
    {
        var stores = _site.Open();

        await Import(stores).EnsureAsync(HttpCalls.Cancellation);

        var classifiers = await stores.Classifiers.ListAsync(HttpCalls.Cancellation);
        classifiers.Select(classifier => (classifier.Name, classifier.Label)).ShouldBe(
            [("intents", LabelKind.Intent), ("tickets", LabelKind.Category)], ignoreOrder: true);
        classifiers.ShouldAllBe(classifier => classifier.Labels.Count >= 8);
        (await stores.Runs.OpenAsync(HttpCalls.Cancellation)).Select(run => (run.Classifier, run.Trigger, run.State)).ShouldBe(
            [("tickets", RunTrigger.Starter, RunState.Queued), ("intents", RunTrigger.Starter, RunState.Queued)]);
    }

    [Fact]
    public async Task A_second_start_changes_nothing()
    {
        var stores = _site.Open();
        await Import(stores).EnsureAsync(HttpCalls.Cancellation);
        var last = await stores.Events.LatestAsync(HttpCalls.Cancellation);

        await Import(_site.Open()).EnsureAsync(HttpCalls.Cancellation);

        (await stores.Events.LatestAsync(HttpCalls.Cancellation)).ShouldBe(last);
    }

    [Fact]
    public async Task Two_that_start_at_once_make_one_run_of_each()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Import(_site.Open()).EnsureAsync(HttpCalls.Cancellation))));

        (await _site.Open().Runs.OpenAsync(HttpCalls.Cancellation)).Select(run => run.Classifier).ShouldBe(["tickets", "intents"], ignoreOrder: true);
    }

    [Fact]
    public async Task After_a_crash_between_the_steps_the_run_is_asked_for()
    {
        var stores = _site.Open();
        await Import(stores).EnsureAsync(HttpCalls.Cancellation);
        foreach (var _ in new[] { "tickets", "intents" })
        {
            var run = await stores.Runs.ClaimAsync("trainer", TimeSpan.FromMinutes(1), new RetryBackoff(TimeSpan.Zero, TimeSpan.Zero), HttpCalls.Cancellation);
            await stores.Runs.FailAsync(run!.Id, "trainer", "crashed", retryAfter: null, 0, HttpCalls.Cancellation);
        }

        await Import(stores).EnsureAsync(HttpCalls.Cancellation);

        (await stores.Runs.OpenAsync(HttpCalls.Cancellation)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_organisations_own_data_are_left_alone()
    {
        var stores = _site.Open();
        var own = await stores.Datasets.SaveAsync(SmallClassifier.Examples, HttpCalls.Cancellation);
        await stores.Classifiers.PutAsync("tickets", LabelKind.Category, own.Hash, HttpCalls.Cancellation);

        await Import(stores).EnsureAsync(HttpCalls.Cancellation);

        (await stores.Classifiers.FindAsync("tickets", HttpCalls.Cancellation))!.Dataset.ShouldBe(own.Hash);
    }

    [Fact]
    public async Task Whoever_wants_none_gets_none()
    {
        var stores = _site.Open();

        await Import(stores, wanted: false).EnsureAsync(HttpCalls.Cancellation);

        (await stores.Classifiers.ListAsync(HttpCalls.Cancellation)).ShouldBeEmpty();
    }

    private static StarterImport Import(IStores stores, bool wanted = true) => new(
        stores.Classifiers, stores.Datasets, stores.Runs, Options.Create(new RetrainingOptions { StarterData = wanted }), NullLogger<StarterImport>.Instance);
}
