using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Retrainer.CommandLine;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Retrainer.CommandLine;

public sealed class TrainCommandTests : IAsyncDisposable
{
    private readonly CommandLineSite _site = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_that_the_gate_rejects_ends_with_exit_code_3()
    {
        await _site.DoneAsync("import", _site.Write("tickets.csv", SmallClassifier.Csv), "--train");
        await ContradictAsync();

        var trained = await _site.RunAsync("train", "--json");

        trained.Code.ShouldBe(3, trained.Error);
        var outcome = trained.Json(CommandJson.Default.TrainingOutcome);
        outcome.Run.State.ShouldBe(RunState.Rejected);
        outcome.Model!.State.ShouldBe(ModelState.Rejected);
        outcome.Run.Reason!.ShouldContain("learned only");
    }

    [Fact]
    public async Task A_run_that_fails_ends_with_exit_code_1_and_its_reason()
    {
        var stores = _site.Stores;
        var dataset = await stores.Datasets.SaveAsync([new Example("one text", "one"), new Example("another text", "one")], Cancellation);
        await stores.Classifiers.PutAsync("alone", LabelKind.Category, dataset.Hash, Cancellation);

        var trained = await _site.RunAsync("train", "-c", "alone");

        trained.Code.ShouldBe(1);
        trained.Output.ShouldBeEmpty();
        trained.Error.ShouldContain("two different labels");
        trained.Error.TrimEnd().ShouldNotContain("\n");
    }

    [Fact]
    public async Task All_classifiers_are_trained_one_after_the_other()
    {
        var csv = _site.Write("tickets.csv", SmallClassifier.Csv);
        await _site.DoneAsync("import", csv, "-c", "one");
        await _site.DoneAsync("import", csv, "-c", "other");

        var outcomes = await _site.JsonAsync(CommandJson.Default.IReadOnlyListTrainingOutcome, "train", "--all", "--level", "quick");

        outcomes.Select(outcome => (outcome.Run.Classifier, outcome.Run.State))
            .ShouldBe([("one", RunState.Promoted), ("other", RunState.Promoted)]);
    }

    [Fact]
    public async Task A_run_of_another_classifier_that_waits_is_left_to_others()
    {
        var csv = _site.Write("tickets.csv", SmallClassifier.Csv);
        await _site.DoneAsync("import", csv, "-c", "one");
        await _site.DoneAsync("import", csv, "-c", "other");

        (await _site.JsonAsync(CommandJson.Default.TrainingOutcome, "train", "-c", "other")).Run.State.ShouldBe(RunState.Promoted);

        (await _site.Stores.Models.ListAsync("one", Cancellation)).ShouldBeEmpty();
        (await _site.Stores.Runs.OpenAsync(Cancellation)).ShouldHaveSingleItem().Classifier.ShouldBe("one");
    }

    [Fact]
    public async Task A_run_that_another_retrainer_has_taken_is_followed_to_its_end()
    {
        var stores = _site.Stores;
        var dataset = await stores.Datasets.SaveAsync(SmallClassifier.Examples, Cancellation);
        await stores.Classifiers.PutAsync("tickets", LabelKind.Category, dataset.Hash, Cancellation);
        var training = _site.RunAsync("train", "--wait");

        // The lease outlasts the test: this store's clock stands, and the command's does not.
        var claimed = await Eventually.GetAsync(
            "the run is asked for",
            limit => stores.Runs.ClaimAsync("another", TimeSpan.FromDays(36_500), new RetryBackoff(TimeSpan.Zero, TimeSpan.Zero), limit),
            Cancellation);
        await stores.Runs.FailAsync(claimed.Id, "another", "It did not work there", retryAfter: null, feedbackMark: 0, Cancellation);

        var followed = await training;
        followed.Code.ShouldBe(1);
        followed.Error.ShouldContain("It did not work there");
    }

    [Fact]
    public async Task A_training_that_is_stopped_gives_its_run_back_and_ends_with_exit_code_130()
    {
        var examples = Enumerable.Range(0, 20_000).Select(i =>
            new Example($"{SmallClassifier.Examples[i % 36].Text} {i * 7919 % 1009} {i * 104_729 % 997} case {i}", SmallClassifier.Examples[i % 36].Label));
        await _site.DoneAsync("import", _site.Write("long.csv", SmallClassifier.ToCsv(examples)));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var stores = _site.Stores;

        var training = _site.RunAsync(stop.Token, "train", "--threads", "1");
        await Eventually.IsSoAsync(
            "it trains",
            async limit => (await stores.Runs.FindAsync(1, limit)) is { State: RunState.Running, Stage: RunStage.Features or RunStage.Training },
            Cancellation);
        await stop.CancelAsync();

        var stopped = await training;
        stopped.Code.ShouldBe(130);
        stopped.Output.ShouldBeEmpty();
        (await stores.Runs.FindAsync(1, Cancellation))!.State.ShouldBe(RunState.Interrupted);
        (await stores.Runs.OpenAsync(Cancellation)).ShouldHaveSingleItem().State.ShouldBe(RunState.Queued);
    }

    // The same word again and again, once with this label and once with that: nothing to learn.
    private async Task ContradictAsync()
    {
        for (var i = 1; i <= 12; i++)
        {
            await _site.Stores.Feedback.AddAsync(
                new FeedbackEntry
                {
                    Id = 0,
                    Classifier = "tickets",
                    Text = string.Join(' ', Enumerable.Repeat("hello", i + 5)),
                    Label = i % 2 == 0 ? SmallClassifier.Printer : SmallClassifier.Network,
                    At = DateTimeOffset.UnixEpoch,
                },
                idempotencyKey: null,
                Cancellation);
        }
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();
}
