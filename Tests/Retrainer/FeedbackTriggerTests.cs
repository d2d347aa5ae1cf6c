using Microsoft.Extensions.Configuration;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Retrainer.Triggers;
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.Tests.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Retrainer;

public sealed class FeedbackTriggerTests : IAsyncDisposable
{
    private const string Name = "tickets";
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private readonly SqliteSite _site = new();
    private readonly IStores _stores;

    public FeedbackTriggerTests() => _stores = _site.Open();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task The_tenth_entry_asks_for_a_run_and_the_ninth_does_not()
    {
        await CreateAsync();
        await GiveFeedbackAsync(9);
        await CheckAsync();
        (await OpenAsync()).ShouldBeEmpty();

        await GiveFeedbackAsync(1);
        await CheckAsync();

        (await OpenAsync()).ShouldHaveSingleItem().Trigger.ShouldBe(RunTrigger.Feedback);
    }

    [Fact]
    public async Task A_classifier_may_set_how_many_it_takes()
    {
        await CreateAsync();
        await GiveFeedbackAsync(2);
        await CheckAsync("--Retraining:After=3");
        (await OpenAsync()).ShouldBeEmpty();

        await _stores.Classifiers.SetAsync(Name, new ClassifierSettings { RetrainAfter = 2 }, HttpCalls.Cancellation);
        await CheckAsync("--Retraining:After=3");

        (await OpenAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Nobody_asks_while_a_run_is_queued_or_running_nor_after_it_has_seen_the_feedback()
    {
        await CreateAsync();
        await GiveFeedbackAsync(10);
        (await RequestAsync()).ShouldNotBeNull();
        // Who counted before the others asked, asks after them: at each of these moments.
        (await RequestAsync()).ShouldBeNull();
        var run = await _stores.Runs.ClaimAsync("trainer", Lease, HttpCalls.Cancellation);
        (await RequestAsync()).ShouldBeNull();
        await _stores.Runs.FailAsync(run!.Id, "trainer", "no reason", feedbackMark: 10, HttpCalls.Cancellation);
        (await RequestAsync()).ShouldBeNull();

        await GiveFeedbackAsync(10);
        (await RequestAsync()).ShouldNotBeNull();
    }

    [Fact]
    public async Task However_many_look_at_once_there_is_one_run()
    {
        await CreateAsync();
        await GiveFeedbackAsync(10);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => Trigger(_site.Open()).CheckAsync(HttpCalls.Cancellation))));

        (await OpenAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task No_run_is_asked_for_where_there_is_no_classifier() =>
        (await _stores.Runs.RequestForFeedbackAsync("nobody", 0, HttpCalls.Cancellation)).ShouldBeNull();

    private static FeedbackTrigger Trigger(IStores stores, params string[] args) => new(
        stores.Classifiers, stores.Feedback, stores.Runs, new ClassifierDefaults(new ConfigurationBuilder().AddCommandLine(args).Build()));

    private Task CheckAsync(params string[] args) => Trigger(_stores, args).CheckAsync(HttpCalls.Cancellation);

    private Task<RetrainingRun?> RequestAsync() => _stores.Runs.RequestForFeedbackAsync(Name, 10, HttpCalls.Cancellation);

    private Task<IReadOnlyList<RetrainingRun>> OpenAsync() => _stores.Runs.OpenAsync(HttpCalls.Cancellation);

    private async Task CreateAsync()
    {
        var dataset = await _stores.Datasets.SaveAsync(SmallClassifier.Examples, HttpCalls.Cancellation);
        await _stores.Classifiers.PutAsync(Name, LabelKind.Category, dataset.Hash, HttpCalls.Cancellation);
    }

    private async Task GiveFeedbackAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _stores.Feedback.AddAsync(
                new FeedbackEntry { Id = 0, Classifier = Name, Text = $"text {i}", Label = SmallClassifier.Printer, At = DateTimeOffset.UnixEpoch },
                idempotencyKey: null,
                HttpCalls.Cancellation);
        }
    }
}
