using Microsoft.Extensions.Options;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Retrainer;
using TicketAspire.Retrainer.Triggers;
using TicketAspire.Storage;
using TicketAspire.Tests.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Retrainer;

public sealed class ScheduleTriggerTests : IAsyncDisposable
{
    private const string Name = "tickets";
    private const string EachNightAtThree = "0 3 * * *";

    private readonly SqliteSite _site = new();
    private readonly IStores _stores;

    public ScheduleTriggerTests() => _stores = _site.Open();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task At_its_times_a_classifier_with_something_new_is_trained_and_another_is_not()
    {
        await CreateAsync(Name);
        await CreateAsync("unchanged");
        await TrainAsync(Name);
        await TrainAsync("unchanged");
        await GiveFeedbackAsync();
        var trigger = Trigger(EachNightAtThree);

        // It is eight in the morning.
        _site.Time.Advance(TimeSpan.FromHours(18));
        await trigger.CheckAsync(HttpCalls.Cancellation);
        (await OpenAsync()).ShouldBeEmpty();
        _site.Time.Advance(TimeSpan.FromHours(1.5));
        await trigger.CheckAsync(HttpCalls.Cancellation);

        var run = (await OpenAsync()).ShouldHaveSingleItem();
        (run.Classifier, run.Trigger).ShouldBe((Name, RunTrigger.Schedule));
    }

    [Fact]
    public async Task A_time_is_kept_once_by_however_many_retrainers()
    {
        await CreateAsync(Name);
        var triggers = Enumerable.Range(0, 4).Select(_ => Trigger(EachNightAtThree)).ToArray();
        _site.Time.Advance(TimeSpan.FromDays(1));

        await Task.WhenAll(triggers.Select(trigger => Task.Run(() => trigger.CheckAsync(HttpCalls.Cancellation))));
        await TrainAsync(Name);
        await GiveFeedbackAsync();
        await triggers[0].CheckAsync(HttpCalls.Cancellation);

        (await _stores.Runs.ListAsync(Name, 10, HttpCalls.Cancellation)).Count.ShouldBe(1);
        _site.Time.Advance(TimeSpan.FromDays(1));
        await triggers[0].CheckAsync(HttpCalls.Cancellation);
        (await OpenAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Without_a_schedule_nobody_asks()
    {
        await CreateAsync(Name);
        var trigger = Trigger(null);
        _site.Time.Advance(TimeSpan.FromDays(100));

        await trigger.CheckAsync(HttpCalls.Cancellation);

        (await OpenAsync()).ShouldBeEmpty();
    }

    [Fact]
    public void A_schedule_that_is_none_is_refused_in_words() =>
        Should.Throw<InvalidOperationException>(() => Trigger("every night")).Message.ShouldStartWith("Retraining:Schedule is 'every night'");

    private ScheduleTrigger Trigger(string? schedule) => new(
        _stores.Classifiers, new News(_stores.Feedback, _stores.Models), _stores.Runs,
        Options.Create(new RetrainingOptions { Schedule = schedule }), _site.Time);

    private Task<IReadOnlyList<RetrainingRun>> OpenAsync() => _stores.Runs.OpenAsync(HttpCalls.Cancellation);

    private async Task CreateAsync(string name)
    {
        var dataset = await _stores.Datasets.SaveAsync(SmallClassifier.Examples, HttpCalls.Cancellation);
        await _stores.Classifiers.PutAsync(name, LabelKind.Category, dataset.Hash, HttpCalls.Cancellation);
    }

    private Task<FeedbackEntry> GiveFeedbackAsync() => _stores.Feedback.AddAsync(
        new FeedbackEntry { Id = 0, Classifier = Name, Text = "it jams", Label = SmallClassifier.Printer, At = DateTimeOffset.UnixEpoch },
        idempotencyKey: null,
        HttpCalls.Cancellation);

    private async Task TrainAsync(string name)
    {
        await _stores.Runs.RequestAsync(name, RunTrigger.Request, HttpCalls.Cancellation);
        var run = (await _stores.Runs.ClaimAsync("trainer", TimeSpan.FromMinutes(1), new RetryBackoff(TimeSpan.Zero, TimeSpan.Zero), HttpCalls.Cancellation))!;
        var dataset = (await _stores.Classifiers.FindAsync(name, HttpCalls.Cancellation))!.Dataset;
        await _stores.Runs.CompleteAsync(
            run.Id,
            "trainer",
            new RunResult
            {
                File = new byte[] { 1 },
                Metrics = new ModelMetrics
                {
                    Examples = 0, Accuracy = 0, MacroF1 = 0, CalibrationError = 0, Threshold = 0, TargetPrecision = 0, Coverage = 0,
                    Precision = 0, Classes = [], Confusion = [],
                },
                Lineage = new ModelLineage(dataset, 0, "settings", 1, 1),
                Promote = true,
                Reason = "the first",
            },
            HttpCalls.Cancellation);
    }
}
