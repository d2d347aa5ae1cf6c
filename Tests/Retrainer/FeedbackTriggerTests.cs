using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Retrainer;
using TicketAspire.Retrainer.Triggers;
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.Storage;
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
        var run = await _stores.Runs.ClaimAsync("trainer", Lease, new RetryBackoff(TimeSpan.Zero, TimeSpan.Zero), HttpCalls.Cancellation);
        (await RequestAsync()).ShouldBeNull();
        await _stores.Runs.FailAsync(run!.Id, "trainer", "no reason", retryAfter: null, feedbackMark: 10, HttpCalls.Cancellation);
        (await RequestAsync()).ShouldBeNull();

        await GiveFeedbackAsync(10);
        (await RequestAsync()).ShouldNotBeNull();
    }

    [Fact]
    public async Task However_many_look_at_once_there_is_one_run()
    {
        await CreateAsync();
        await GiveFeedbackAsync(10);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => Trigger(_site.Open(), _site.Time, TimeSpan.Zero).CheckAsync(HttpCalls.Cancellation))));

        (await OpenAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task No_run_is_asked_for_where_there_is_no_classifier() =>
        (await _stores.Runs.RequestForFeedbackAsync("nobody", 0, HttpCalls.Cancellation)).ShouldBeNull();

    [Fact]
    public async Task While_feedback_comes_in_nobody_asks_and_when_it_ceases_somebody_does()
    {
        await CreateAsync();
        var time = new ManualTime();
        var trigger = Trigger(_stores, time, quiet: TimeSpan.FromSeconds(1));
        await GiveFeedbackAsync(10);
        for (var burst = 0; burst < 5; burst++)
        {
            (await trigger.CheckAsync(HttpCalls.Cancellation)).ShouldBe(TimeSpan.FromSeconds(1));
            time.Advance(TimeSpan.FromSeconds(0.9));
            (await trigger.CheckAsync(HttpCalls.Cancellation))!.Value.ShouldBe(TimeSpan.FromSeconds(0.1), TimeSpan.FromMilliseconds(1));
            await GiveFeedbackAsync(1);
        }

        (await trigger.CheckAsync(HttpCalls.Cancellation)).ShouldNotBeNull();
        (await OpenAsync()).ShouldBeEmpty();
        time.Advance(TimeSpan.FromSeconds(1));

        (await trigger.CheckAsync(HttpCalls.Cancellation)).ShouldBeNull();
        (await OpenAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Where_feedback_never_ceases_somebody_asks_all_the_same()
    {
        await CreateAsync();
        var time = new ManualTime();
        var trigger = Trigger(_stores, time, quiet: TimeSpan.FromSeconds(1));
        await GiveFeedbackAsync(10);
        var checks = 0;
        while (await trigger.CheckAsync(HttpCalls.Cancellation) is not null)
        {
            checks++;
            await GiveFeedbackAsync(1);
            time.Advance(TimeSpan.FromSeconds(0.5));
        }

        checks.ShouldBe(60);
        (await OpenAsync()).ShouldHaveSingleItem();
    }

    private static FeedbackTrigger Trigger(IStores stores, ManualTime time, TimeSpan quiet, params string[] args) => new(
        stores.Classifiers, stores.Feedback, stores.Runs, new ClassifierDefaults(new ConfigurationBuilder().AddCommandLine(args).Build()),
        Options.Create(new RetrainingOptions { Quiet = quiet }), time);

    private Task<TimeSpan?> CheckAsync(params string[] args) => Trigger(_stores, _site.Time, TimeSpan.Zero, args).CheckAsync(HttpCalls.Cancellation);

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
