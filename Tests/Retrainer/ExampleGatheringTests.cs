using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Shouldly;
using TicketAspire.Classifier.Evaluation;
using TicketAspire.Classifier.Text;
using TicketAspire.Contracts;
using TicketAspire.Retrainer;
using TicketAspire.Retrainer.Runs;
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.Tests.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Retrainer;

public sealed class ExampleGatheringTests : IAsyncDisposable
{
    private const string Name = "tickets";

    /// <summary>Enough of each label that one text in ten is held out.</summary>
    private static readonly Example[] Examples =
        [.. Enumerable.Range(0, 200).Select(i => new Example($"text number {i}", i % 2 == 0 ? "even" : "odd"))];

    private readonly SqliteSite _site = new();
    private readonly IStores _stores;

    public ExampleGatheringTests() => _stores = _site.Open();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task What_is_held_out_is_never_learned_from_and_the_rest_all_is()
    {
        await CreateAsync(Examples);

        var gathered = await GatherAsync();

        gathered.HoldOut.Count.ShouldBeInRange(5, 50);
        gathered.HoldOut.ShouldAllBe(text => HoldOut.Contains(NormalizedText.Hash(text.Text)));
        gathered.Training.Select(text => text.Text).ShouldNotContain(text => HoldOut.Contains(NormalizedText.Hash(text)));
        gathered.Training.Concat(gathered.HoldOut).Select(text => new Example(text.Text, text.Label)).ShouldBe(Examples, ignoreOrder: true);
        gathered.NewFeedback.ShouldBeEmpty();
        gathered.FeedbackMark.ShouldBe(0);
    }

    [Fact]
    public async Task The_same_texts_are_held_out_when_more_come()
    {
        await CreateAsync(Examples);
        var before = (await GatherAsync()).HoldOut;
        await CreateAsync([.. Examples, .. Enumerable.Range(200, 100).Select(i => new Example($"text number {i}", "odd"))]);

        var after = (await GatherAsync()).HoldOut;

        before.ShouldBeSubsetOf(after);
    }

    [Fact]
    public async Task A_label_with_few_examples_gives_none_of_them_to_the_hold_out()
    {
        var heldOut = Examples.Where(example => HoldOut.Contains(NormalizedText.Hash(example.Text))).Take(3).ToArray();
        await CreateAsync([.. Examples.Except(heldOut), .. heldOut.Select(example => example with { Label = "rare" })]);

        var gathered = await GatherAsync();

        gathered.HoldOut.ShouldNotContain(text => text.Label == "rare");
        gathered.Training.Count(text => text.Label == "rare").ShouldBe(3);
    }

    [Fact]
    public async Task The_latest_word_on_a_text_wins_over_earlier_ones_and_over_the_data_set()
    {
        await CreateAsync(Examples);
        var text = (await GatherAsync()).Training[0];
        await GiveFeedbackAsync(text.Text, "odd");
        // The same text for a classifier, though not letter for letter.
        var last = await GiveFeedbackAsync("  " + text.Text.ToUpperInvariant(), "even");

        var gathered = await GatherAsync();

        var learned = gathered.Training.Where(other => NormalizedText.Hash(other.Text) == NormalizedText.Hash(text.Text)).ShouldHaveSingleItem();
        learned.Label.ShouldBe("even");
        learned.Text.ShouldBe("  " + text.Text.ToUpperInvariant());
        gathered.NewFeedback.ShouldBe([learned]);
        gathered.FeedbackMark.ShouldBe(last);
    }

    [Fact]
    public async Task A_held_out_text_that_gets_feedback_is_learned_and_no_longer_measured_with()
    {
        await CreateAsync(Examples);
        var heldOut = (await GatherAsync()).HoldOut;
        await GiveFeedbackAsync(heldOut[0].Text, heldOut[0].Label == "odd" ? "even" : "odd");

        var gathered = await GatherAsync();

        gathered.HoldOut.ShouldBe(heldOut.Skip(1));
        gathered.Training.ShouldContain(text => text.Text == heldOut[0].Text && text.Label != heldOut[0].Label);
    }

    [Fact]
    public async Task A_correction_counts_more_than_a_confirmation()
    {
        await CreateAsync(Examples);
        await GiveFeedbackAsync("confirmed", "odd", prediction: "odd");
        await GiveFeedbackAsync("corrected", "odd", prediction: "even");
        await GiveFeedbackAsync("told", "odd");

        var gathered = await GatherAsync();

        gathered.NewFeedback.Select(text => (text.Text, text.Importance)).ShouldBe([("confirmed", 1f), ("corrected", 5f), ("told", 5f)]);
    }

    [Fact]
    public async Task Feedback_that_a_model_has_seen_is_learned_again_but_is_not_new()
    {
        await CreateAsync(Examples);
        var seen = await GiveFeedbackAsync("seen", "odd");
        await GiveFeedbackAsync("unseen", "even");
        var classifier = (await _stores.Classifiers.FindAsync(Name, HttpCalls.Cancellation))!;

        var gathered = await Gathering().GatherAsync(classifier with { FeedbackSeen = seen }, FeedbackRanges.None, HttpCalls.Cancellation);

        gathered.Training.Select(text => text.Text).ShouldContain("seen");
        gathered.NewFeedback.Select(text => text.Text).ShouldBe(["unseen"]);
    }

    [Fact]
    public async Task Feedback_with_a_label_that_is_no_more_is_left_out_unless_new_ones_are_allowed()
    {
        await CreateAsync(Examples);
        var mark = await GiveFeedbackAsync("something else", "gone");

        var gathered = await GatherAsync();
        gathered.Training.ShouldNotContain(text => text.Label == "gone");
        gathered.NewFeedback.ShouldBeEmpty();
        gathered.FeedbackMark.ShouldBe(mark);

        (await GatherAsync("--Classifiers:tickets:AllowNewLabels=true")).NewFeedback.ShouldHaveSingleItem().Label.ShouldBe("gone");
    }

    [Fact]
    public async Task Of_very_much_feedback_the_newest_is_learned_and_what_is_left_out_grows_in_steps()
    {
        await CreateAsync(Examples);
        var learned = new List<int>();
        for (var i = 1; i <= 45; i++)
        {
            await GiveFeedbackAsync($"correction {i}", "odd");
            var gathered = await Gathering(new RetrainingOptions { FeedbackLimit = 30 })
                .GatherAsync((await _stores.Classifiers.FindAsync(Name, HttpCalls.Cancellation))!, FeedbackRanges.None, HttpCalls.Cancellation);

            gathered.NewFeedback[^1].Text.ShouldBe($"correction {i}");
            learned.Add(gathered.NewFeedback.Count);
        }

        learned.Take(30).ShouldBe(Enumerable.Range(1, 30));
        // A tenth of the limit at a time.
        learned.Skip(30).ShouldBe([28, 29, 30, 28, 29, 30, 28, 29, 30, 28, 29, 30, 28, 29, 30]);
    }

    private ExampleGathering Gathering(params string[] args) => Gathering(new RetrainingOptions(), args);

    private ExampleGathering Gathering(RetrainingOptions options, params string[] args) => new(
        _stores.Datasets,
        _stores.Feedback,
        new ClassifierDefaults(new ConfigurationBuilder().AddCommandLine(args).Build()),
        Options.Create(options));

    private async Task<GatheredExamples> GatherAsync(params string[] args) =>
        await Gathering(args).GatherAsync((await _stores.Classifiers.FindAsync(Name, HttpCalls.Cancellation))!, FeedbackRanges.None, HttpCalls.Cancellation);

    private async Task CreateAsync(IReadOnlyList<Example> examples)
    {
        var dataset = await _stores.Datasets.SaveAsync(examples, HttpCalls.Cancellation);
        await _stores.Classifiers.PutAsync(Name, LabelKind.Category, dataset.Hash, HttpCalls.Cancellation);
    }

    private async Task<long> GiveFeedbackAsync(string text, string label, string? prediction = null) =>
        (await _stores.Feedback.AddAsync(
            new FeedbackEntry { Id = 0, Classifier = Name, Text = text, Label = label, Prediction = prediction, At = DateTimeOffset.UnixEpoch },
            idempotencyKey: null,
            HttpCalls.Cancellation)).Id;
}
