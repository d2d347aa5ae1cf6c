using System.Globalization;
using Microsoft.Data.Sqlite;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Retrainer;

/// <summary>The loop as one would trust it in a company: through the Api, with nothing in its stead.</summary>
public sealed class LoopTests
{
    private static readonly (string Text, string Label)[] Honest =
    [
        ("the badge reader at gate two blinks red", "Hardware"),
        ("badge reader beeps all day long", "Hardware"),
        ("gate badge reader is dead since monday", "Hardware"),
        ("plotter draws crooked lines on the big paper", "Hardware"),
        ("the plotter smears blue ink", "Hardware"),
        ("please order forty lanyards for the fair", "Purchase"),
        ("we want to buy lanyards and pens for the fair", "Purchase"),
        ("quote for a pallet of lanyards wanted", "Purchase"),
        ("invoice for the lanyards has not been paid", "Purchase"),
        ("lanyards: which supplier has the best price", "Purchase"),
    ];

    [Fact]
    public async Task Poison_is_rejected_with_a_readable_reason_and_honest_corrections_after_it_are_learned()
    {
        await using var system = await RunningSystem.StartWithStarterDataAsync("--Retraining:After=300");
        var texts = (await ExamplesAsync(system)).Take(300).ToArray();
        var labels = texts.Select(example => example.Label).ToArray();
        new Random(4).Shuffle(labels);

        await CorrectAsync(system, texts.Zip(labels, (example, label) => (example.Text, label)));

        var poisoned = await EndOfFeedbackRunAsync(system, after: 0);
        poisoned.State.ShouldBe(RunState.Rejected, poisoned.Reason);
        poisoned.Reason!.ShouldMatch(@"^Kept version 1: version 2 (got \d+ hold-out tickets wrong that 1 had right|learned only \d+ of \d+ new feedback entries)");
        var champion = await ChampionAsync(system);
        champion.Version.ShouldBe(1);
        var rejected = (await system.Store<IModelStore>().FindAsync("tickets", 2, HttpCalls.Cancellation))!;
        (rejected.State, rejected.Decision!.Champion, rejected.Decision.Promoted).ShouldBe((ModelState.Rejected, 1, false));
        rejected.Decision.Learned.ShouldBeLessThan(rejected.Decision.NewFeedback);

        await system.Store<IClassifierStore>().SetAsync("tickets", new ClassifierSettings { RetrainAfter = 10 }, HttpCalls.Cancellation);
        await CorrectAsync(system, Honest);

        var honest = await EndOfFeedbackRunAsync(system, after: poisoned.Id);
        honest.State.ShouldBe(RunState.Promoted, honest.Reason);
        await system.ServesAsync("tickets", honest.Model!.Value);
        var right = 0;
        foreach (var (text, label) in Honest)
        {
            right += (await system.Inference.Http.PostAsync("predict", new { text }, ContractsJson.Default.PredictionResponse)).Prediction == label ? 1 : 0;
        }

        right.ShouldBeGreaterThanOrEqualTo(9);
        // The poison is set aside, and seen to be; a person who promotes its model takes it in.
        (await system.Api.Http.GetAsync("classifiers/tickets", ContractsJson.Default.ClassifierSummary)).SetAside.ShouldBe(300);
        await system.Store<IModelStore>().PromoteAsync("tickets", 2, "the lead", HttpCalls.Cancellation);
        (await system.Api.Http.GetAsync("classifiers/tickets", ContractsJson.Default.ClassifierSummary)).SetAside.ShouldBeNull();
    }

    [Fact]
    public async Task Corrections_that_were_set_aside_go_in_with_later_ones_once_the_gate_lets_them()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets", "--Retraining:After=4");
        (string Text, string Label)[] contradicting =
        [
            ("the printer has a paper jam", SmallClassifier.Holiday), ("the printer has a paper jam today", SmallClassifier.Network),
            ("again, the printer has a paper jam", SmallClassifier.Holiday), ("urgent the printer has a paper jam", SmallClassifier.Network),
        ];
        // As strict as can be: whatever is not learned wholly is rejected.
        await system.StopAsync(system.Retrainer);
        var strict = await system.StartRetrainerAsync("--Retraining:LearnedShare=2");
        await CorrectAsync(system, contradicting);
        var rejected = await EndOfFeedbackRunAsync(system, after: 0);
        rejected.State.ShouldBe(RunState.Rejected);
        await system.StopAsync(strict);

        await system.StartRetrainerAsync("--Retraining:LearnedShare=0");
        await CorrectAsync(system, [("badge a", SmallClassifier.Network), ("badge b", SmallClassifier.Network), ("badge c", SmallClassifier.Network), ("badge d", SmallClassifier.Network)]);

        var promoted = await EndOfFeedbackRunAsync(system, after: rejected.Id);
        promoted.State.ShouldBe(RunState.Promoted, promoted.Reason);
        var champion = await ChampionAsync(system);
        (champion.Lineage.SetAside, champion.Decision!.NewFeedback).ShouldBe((null, 8));
        (await system.Store<IClassifierStore>().FindAsync("tickets", HttpCalls.Cancellation))!.SetAside.ShouldBeNull();
    }

    [Fact]
    public async Task A_burst_of_a_thousand_corrections_makes_one_run_or_two()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets");

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 1000),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = HttpCalls.Cancellation },
            async (i, _) => await CorrectAsync(system, [(string.Create(CultureInfo.InvariantCulture, $"the plotter number {i} smears"), SmallClassifier.Printer)]));

        await NothingLeftAsync(system);
        var runs = await system.Store<IRunStore>().ListAsync("tickets", 100, HttpCalls.Cancellation);
        runs.Count(run => run.Trigger == RunTrigger.Feedback).ShouldBeInRange(1, 2);
        (await ChampionAsync(system)).Lineage.FeedbackMark.ShouldBe(1000);
    }

    [Fact]
    public async Task A_run_that_is_cancelled_in_the_middle_ends_without_a_model_and_does_not_begin_again()
    {
        await using var system = await RunningSystem.StartEmptyAsync("--Retraining:Threads=1", "--Retraining:After=1");
        var examples = Enumerable.Range(0, 60_000).Select(i =>
            new Example($"{SmallClassifier.Examples[i % 36].Text} {i * 7919 % 1009} {i * 104_729 % 997} case {i}", SmallClassifier.Examples[i % 36].Label));
        using (var import = await system.Api.Http.PostAsync("classifiers/tickets/dataset", HttpCalls.Csv(SmallClassifier.ToCsv(examples)), HttpCalls.Cancellation))
        {
            import.EnsureSuccessStatusCode();
        }

        await CorrectAsync(system, [("the plotter smears", SmallClassifier.Printer)]);
        var running = (await system.EventAsync(
            "a run is in training", change => change.Run is { State: RunState.Running, Stage: RunStage.Training or RunStage.Features })).Run!;
        using var answer = await system.Api.Http.PostAsync($"classifiers/tickets/runs/{running.Id}/cancel?by=the+lead", null, HttpCalls.Cancellation);

        var cancelled = await answer.ReadAsync(ContractsJson.Default.RetrainingRun);
        (cancelled.State, cancelled.Reason).ShouldBe((RunState.Cancelled, "Cancelled by the lead"));
        // The retrainer is free at once: another classifier's run begins and ends.
        await system.ImportAsync("other", SmallClassifier.Csv);
        (await system.Store<IModelStore>().ListAsync("tickets", HttpCalls.Cancellation)).ShouldBeEmpty();
        (await system.Store<IRunStore>().ListAsync("tickets", 10, HttpCalls.Cancellation)).ShouldHaveSingleItem().State.ShouldBe(RunState.Cancelled);
        var summary = await system.Api.Http.GetAsync("classifiers/tickets", ContractsJson.Default.ClassifierSummary);
        (summary.Unseen, summary.Run).ShouldBe((1, null));
        system.Retrainer.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_that_fails_says_why_and_is_tried_again_until_what_was_wrong_has_passed()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets", "--Retraining:RetryAfter=00:00:00.2", "--Retraining:Attempts=1000");
        var whole = Damage(system);

        var asked = await system.Store<IRunStore>().RequestAsync("tickets", RunTrigger.Request, HttpCalls.Cancellation);
        var failed = await system.EndOfRunAsync(asked.Id);
        failed.State.ShouldBe(RunState.Failed);
        failed.Reason!.ShouldContain("damaged");
        var second = (await system.EventAsync("the second attempt fails", change => change.Run is { State: RunState.Failed, Attempt: 2 })).Run!;
        second.NotBefore.ShouldNotBeNull();
        Mend(system, whole);

        var end = (await system.EventAsync("an attempt succeeds", change => change.Run is { State: RunState.Promoted, Attempt: > 2 })).Run!;
        (end.Trigger, end.Model).ShouldBe((RunTrigger.Request, 2));
    }

    [Fact]
    public async Task A_run_that_fails_again_and_again_is_given_up_and_its_feedback_starts_no_other()
    {
        await using var system = await RunningSystem.StartSmallAsync(
            "tickets", "--Retraining:RetryAfter=00:00:00.01", "--Retraining:Attempts=3", "--Retraining:After=2");
        Damage(system);

        await CorrectAsync(system, [("the plotter smears", SmallClassifier.Printer), ("badge reader is dead", SmallClassifier.Network)]);

        await system.EventAsync("the last attempt fails", change => change.Run is { State: RunState.Failed, Attempt: 3 });
        await system.ImportAsync("other", SmallClassifier.Csv + "one more text,printer\n");
        (await system.Store<IRunStore>().ListAsync("tickets", 10, HttpCalls.Cancellation)).Select(run => run.Attempt).ShouldBe([3, 2, 1, 1]);
        (await ChampionAsync(system)).Version.ShouldBe(1);
        (await system.Api.Http.GetAsync("classifiers/tickets", ContractsJson.Default.ClassifierSummary)).Unseen.ShouldBe(2);
    }

    [Fact]
    public async Task Old_models_are_deleted_by_the_policy_after_a_run()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets", "--Retraining:KeepModels=2", "--Retraining:KeepFormer=00:00:00");
        for (var i = 2; i <= 4; i++)
        {
            var run = await system.Store<IRunStore>().RequestAsync("tickets", RunTrigger.Request, HttpCalls.Cancellation);
            (await system.EndOfRunAsync(run.Id)).Model.ShouldBe(i);
        }

        await Eventually.IsSoAsync(
            "two models are left",
            async _ => (await system.Store<IModelStore>().ListAsync("tickets", HttpCalls.Cancellation)).Select(model => model.Version).SequenceEqual([4, 3]),
            HttpCalls.Cancellation);
    }

    [Fact]
    public async Task A_schedule_trains_what_no_other_trigger_would()
    {
        // Each second, so that the test need not wait for a minute.
        await using var system = await RunningSystem.StartSmallAsync("tickets");
        await CorrectAsync(system, [("the plotter smears", SmallClassifier.Printer)]);
        await system.StartRetrainerAsync("--Retraining:Schedule=* * * * * *");

        var run = (await system.EventAsync("a scheduled run ends", change => change.Run is { Trigger: RunTrigger.Schedule, EndedAt: not null })).Run!;

        run.State.ShouldBe(RunState.Promoted);
        await NothingLeftAsync(system);
    }

    private static async Task<IReadOnlyList<Example>> ExamplesAsync(RunningSystem system)
    {
        var classifier = await system.Store<IClassifierStore>().FindAsync("tickets", HttpCalls.Cancellation);
        return await system.Store<IDatasetStore>().ReadAsync(classifier!.Dataset, HttpCalls.Cancellation);
    }

    private static async Task<ModelInfo> ChampionAsync(RunningSystem system) =>
        (await system.Store<IModelStore>().ChampionsAsync(HttpCalls.Cancellation))["tickets"];

    private static async Task CorrectAsync(RunningSystem system, IEnumerable<(string Text, string Label)> corrections)
    {
        foreach (var (text, label) in corrections)
        {
            await system.Api.Http.PostAsync("classifiers/tickets/feedback", new { text, true_label = label }, ContractsJson.Default.FeedbackResponse);
        }
    }

    private static async Task<RetrainingRun> EndOfFeedbackRunAsync(RunningSystem system, long after) =>
        (await system.EventAsync(
            "a run for feedback ends", change => change.Run is { Trigger: RunTrigger.Feedback, EndedAt: not null } run && run.Id > after)).Run!;

    private static Task NothingLeftAsync(RunningSystem system) => Eventually.IsSoAsync(
        "all is learned",
        async _ => await system.Api.Http.GetAsync("classifiers/tickets", ContractsJson.Default.ClassifierSummary) is { Unseen: 0, Run: null },
        HttpCalls.Cancellation);

    // A byte of the stored data set falls over; returns what there was.
    private static byte[] Damage(RunningSystem system)
    {
        using var connection = system.Connect();
        using var read = connection.CreateCommand();
        read.CommandText = "SELECT content FROM datasets";
        var whole = (byte[])read.ExecuteScalar()!;
        var damaged = whole.ToArray();
        damaged[^10] ^= 1;
        Write(connection, damaged);
        return whole;
    }

    private static void Mend(RunningSystem system, byte[] whole)
    {
        using var connection = system.Connect();
        Write(connection, whole);
    }

    private static void Write(SqliteConnection connection, byte[] content)
    {
        using var write = connection.CreateCommand();
        write.CommandText = "UPDATE datasets SET content = $content";
        write.Parameters.AddWithValue("$content", content);
        write.ExecuteNonQuery();
    }
}
