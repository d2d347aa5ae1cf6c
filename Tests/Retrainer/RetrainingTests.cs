using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Retrainer;

public sealed class RetrainingTests
{
    private static readonly (string Text, string Label)[] Corrections =
    [
        ("the badge reader blinks red", SmallClassifier.Network),
        ("badge reader at gate two is dead", SmallClassifier.Network),
        ("badge reader beeps all day", SmallClassifier.Network),
        ("my badge opens no gate", SmallClassifier.Network),
        ("gate blinks when the badge comes near", SmallClassifier.Network),
        ("plotter draws crooked lines", SmallClassifier.Printer),
        ("the plotter smears blue ink", SmallClassifier.Printer),
        ("plotter drawer does not close", SmallClassifier.Printer),
        ("crooked ink lines everywhere", SmallClassifier.Printer),
        ("blue ink on my hands", SmallClassifier.Printer),
    ];

    [Fact]
    public async Task Ten_corrections_start_one_run_whose_model_has_learned_them_and_serves()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets");

        await CorrectAsync(system, Corrections[..9]);
        (await RunsAsync(system)).Count.ShouldBe(1);
        await CorrectAsync(system, Corrections[9..]);

        var run = await EndOfFeedbackRunAsync(system);
        run.State.ShouldBe(RunState.Promoted, run.Reason);
        run.Reason!.ShouldStartWith("Learned 10 of 10 new feedback entries");
        await system.ServesAsync("tickets", run.Model!.Value);
        foreach (var (text, label) in Corrections)
        {
            var answer = await system.Api.Http.PostAsync("predict", new { text }, ContractsJson.Default.PredictionResponse);
            answer.Prediction.ShouldBe(label, text);
            answer.Model.ShouldBe(2);
        }

        var summary = await system.Api.Http.GetAsync("classifiers/tickets", ContractsJson.Default.ClassifierSummary);
        summary.Feedback.ShouldBe(10);
        summary.Unseen.ShouldBe(0);
        summary.Champion!.Lineage.FeedbackMark.ShouldBe(10);
        await NothingFollowsAsync(system, runs: 2);
    }

    [Fact]
    public async Task Two_retrainers_on_one_store_train_each_run_once()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets");
        await system.StartRetrainerAsync();

        for (var round = 1; round <= 5; round++)
        {
            await CorrectAsync(system, Corrections.Select(correction => (correction.Text + new string('!', round), correction.Label)));
            await Eventually.IsSoAsync(
                $"round {round} is learned",
                async _ => (await system.Api.Http.GetAsync("classifiers/tickets", ContractsJson.Default.ClassifierSummary)) is { Unseen: 0, Run: null },
                HttpCalls.Cancellation);
            await NothingFollowsAsync(system, runs: 1 + round);
        }

        system.Services.SelectMany(service => service.Logs.Errors).ShouldBeEmpty();
    }

    [Fact]
    public async Task Corrections_that_come_while_a_run_is_at_work_are_learned_by_the_next()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets", "--Retraining:After=1");

        foreach (var correction in Corrections)
        {
            await CorrectAsync(system, [correction]);
        }

        await Eventually.IsSoAsync(
            "all is learned",
            async _ => (await system.Api.Http.GetAsync("classifiers/tickets", ContractsJson.Default.ClassifierSummary)) is { Unseen: 0, Run: null },
            HttpCalls.Cancellation);
        var runs = await RunsAsync(system);
        runs.ShouldAllBe(run => run.State == RunState.Promoted || run.State == RunState.Rejected);
        (await system.Store<IClassifierStore>().FindAsync("tickets", HttpCalls.Cancellation))!.FeedbackSeen.ShouldBe(10);
    }

    [Fact]
    public async Task A_run_whose_retrainer_is_stopped_in_the_middle_is_taken_up_after_a_restart()
    {
        await using var system = await RunningSystem.StartEmptyAsync("--Retraining:Threads=1");
        await StartLongRunAsync(system);
        var running = await system.EventAsync(
            "a run is in training", change => change.Run is { State: RunState.Running, Stage: RunStage.Training or RunStage.Features });

        await system.StopAsync(system.Retrainer);

        var interrupted = await system.Store<IRunStore>().FindAsync(running.Run!.Id, HttpCalls.Cancellation);
        interrupted!.State.ShouldBe(RunState.Interrupted);
        interrupted.Reason.ShouldNotBeNullOrWhiteSpace();
        var waiting = (await system.Store<IRunStore>().OpenAsync(HttpCalls.Cancellation)).ShouldHaveSingleItem();
        waiting.State.ShouldBe(RunState.Queued);
        (await system.Store<IModelStore>().ListAsync("long", HttpCalls.Cancellation)).ShouldBeEmpty();

        // The same waiting run, with less to do: the rest of the test need not be long.
        using var smaller = await system.Api.Http.PostAsync(
            "classifiers/long/dataset", HttpCalls.Csv(SmallClassifier.Csv), HttpCalls.Cancellation);
        (await smaller.ReadAsync(ContractsJson.Default.ImportResponse)).Run.Id.ShouldBe(waiting.Id);
        await system.StartRetrainerAsync();
        (await system.EndOfRunAsync(waiting.Id)).State.ShouldBe(RunState.Promoted);
        await system.ServesAsync("long", 1);
    }

    [Fact]
    public async Task A_run_whose_retrainer_is_silent_is_taken_over_when_its_lease_has_ended()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets");
        await system.StopAsync(system.Retrainer);
        var runs = system.Store<IRunStore>();
        await runs.RequestAsync("tickets", RunTrigger.Request, HttpCalls.Cancellation);
        var lost = await runs.ClaimAsync("a process that was killed", TimeSpan.FromMilliseconds(300), new RetryBackoff(TimeSpan.Zero, TimeSpan.Zero), HttpCalls.Cancellation);

        await system.StartRetrainerAsync();

        (await system.EndOfRunAsync(lost!.Id)).State.ShouldBe(RunState.Interrupted);
        var next = await system.EventAsync("the run that takes its place ends", change => change.Run is { EndedAt: not null } run && run.Id > lost.Id);
        next.Run!.State.ShouldBe(RunState.Promoted);
        (await runs.CompleteAsync(
            lost.Id,
            "a process that was killed",
            new RunResult
            {
                File = new byte[] { 1 },
                Metrics = (await system.Store<IModelStore>().FindAsync("tickets", 1, HttpCalls.Cancellation))!.Metrics,
                Lineage = new ModelLineage("none", 0, "none", 1, 1),
                Promote = true,
                Reason = "too late",
            },
            HttpCalls.Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_run_whose_lease_ends_again_and_again_is_finished_where_no_other_retrainer_takes_it()
    {
        await using var system = await RunningSystem.StartEmptyAsync("--Retraining:Lease=00:00:00.001");

        await system.ImportAsync("tickets", SmallClassifier.Csv);

        var run = (await RunsAsync(system)).ShouldHaveSingleItem();
        (run.State, run.Attempt).ShouldBe((RunState.Promoted, 1));
    }

    [Fact]
    public async Task A_run_that_cannot_succeed_fails_with_its_reason_and_others_go_on()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets");
        var dataset = await system.Store<IDatasetStore>().SaveAsync(
            [new Example("one text", "one"), new Example("another text", "one")], HttpCalls.Cancellation);
        await system.Store<IClassifierStore>().PutAsync("alone", LabelKind.Category, dataset.Hash, HttpCalls.Cancellation);

        var failing = await system.Store<IRunStore>().RequestAsync("alone", RunTrigger.Request, HttpCalls.Cancellation);

        var failed = await system.EndOfRunAsync(failing.Id);
        failed.State.ShouldBe(RunState.Failed);
        failed.Reason!.ShouldContain("two different labels");
        var other = await system.Store<IRunStore>().RequestAsync("tickets", RunTrigger.Request, HttpCalls.Cancellation);
        (await system.EndOfRunAsync(other.Id)).State.ShouldBe(RunState.Promoted);
    }

    [Fact]
    public async Task A_label_that_feedback_brought_is_predicted_after_the_run()
    {
        await using var system = await RunningSystem.StartSmallAsync("tickets", "--Classifiers:tickets:AllowNewLabels=true", "--Retraining:After=3");

        await CorrectAsync(system, [("sandwiches for forty guests", "catering"), ("coffee and sandwiches", "catering"), ("forty guests want coffee", "catering")]);

        var run = await EndOfFeedbackRunAsync(system);
        run.State.ShouldBe(RunState.Promoted, run.Reason);
        await system.ServesAsync("tickets", 2);
        var answer = await system.Api.Http.PostAsync("predict", new { text = "coffee for guests" }, ContractsJson.Default.PredictionResponse);
        answer.Prediction.ShouldBe("catering");
    }

    private static async Task StartLongRunAsync(RunningSystem system)
    {
        var examples = Enumerable.Range(0, 60_000).Select(i =>
            new Example($"{SmallClassifier.Examples[i % 36].Text} {i * 7919 % 1009} {i * 104_729 % 997} case {i}", SmallClassifier.Examples[i % 36].Label));
        using var response = await system.Api.Http.PostAsync(
            "classifiers/long/dataset", HttpCalls.Csv(SmallClassifier.ToCsv(examples)), HttpCalls.Cancellation);
        await response.ReadAsync(ContractsJson.Default.ImportResponse);
    }

    private static async Task CorrectAsync(RunningSystem system, IEnumerable<(string Text, string Label)> corrections)
    {
        foreach (var (text, label) in corrections)
        {
            await system.Api.Http.PostAsync("classifiers/tickets/feedback", new { text, true_label = label }, ContractsJson.Default.FeedbackResponse);
        }
    }

    private static async Task<RetrainingRun> EndOfFeedbackRunAsync(RunningSystem system) =>
        (await system.EventAsync(
            "a run for feedback ends", change => change.Run is { Trigger: RunTrigger.Feedback, EndedAt: not null })).Run!;

    private static Task<IReadOnlyList<RetrainingRun>> RunsAsync(RunningSystem system) =>
        system.Store<IRunStore>().ListAsync("tickets", 100, HttpCalls.Cancellation);

    /// <summary>
    /// No further run is queued: shown by a run of another classifier, asked for afterwards, which a retrainer takes only
    /// after looking at all feedback again.
    /// </summary>
    private static async Task NothingFollowsAsync(RunningSystem system, int runs)
    {
        await system.ImportAsync("marker", SmallClassifier.Csv);
        (await RunsAsync(system)).Count.ShouldBe(runs);
    }
}
