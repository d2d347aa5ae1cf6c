using System.Text.Json;
using Shouldly;
using TicketAspire.Contracts;
using Xunit;

namespace TicketAspire.Tests.Storage;

public abstract class RunStoreContract(IStoreSite site) : StoreContract(site)
{
    [Fact]
    public async Task A_request_queues_a_run()
    {
        await CreateClassifierAsync();

        var events = await EventsOfAsync(() => Stores.Runs.RequestAsync("tickets", RunTrigger.Import, Cancellation));

        var run = events.Single().Run!;
        run.Classifier.ShouldBe("tickets");
        run.Trigger.ShouldBe(RunTrigger.Import);
        run.State.ShouldBe(RunState.Queued);
        run.Stage.ShouldBeNull();
        run.Progress.ShouldBe(0);
        run.RequestedAt.ShouldBe(Time.GetUtcNow());
        run.StartedAt.ShouldBeNull();
        (await Others.Runs.FindAsync(run.Id, Cancellation)).ShouldBe(run);
        (await Others.Runs.OpenAsync(Cancellation)).ShouldBe([run]);
    }

    [Fact]
    public async Task A_queued_run_is_returned_to_whoever_asks_again()
    {
        await CreateClassifierAsync();
        var first = await Stores.Runs.RequestAsync("tickets", RunTrigger.Feedback, Cancellation);

        var events = await EventsOfAsync(async () =>
            (await Others.Runs.RequestAsync("tickets", RunTrigger.Request, Cancellation)).ShouldBe(first));

        events.ShouldBeEmpty();
    }

    [Fact]
    public async Task However_many_ask_at_once_one_run_is_queued()
    {
        await CreateClassifierAsync();

        var runs = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() =>
            (i % 2 == 0 ? Stores : Others).Runs.RequestAsync("tickets", RunTrigger.Request, Cancellation))));

        runs.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_run_of_no_classifier_is_refused()
    {
        await Should.ThrowAsync<KeyNotFoundException>(
            () => Stores.Runs.RequestAsync("nobody", RunTrigger.Request, Cancellation));
        (await Stores.Runs.FindAsync(1, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Claiming_takes_the_oldest_queued_run()
    {
        await CreateClassifierAsync();
        await CreateClassifierAsync("intents");
        var older = await Stores.Runs.RequestAsync("tickets", RunTrigger.Request, Cancellation);
        var newer = await Stores.Runs.RequestAsync("intents", RunTrigger.Request, Cancellation);
        Time.Advance(TimeSpan.FromSeconds(5));

        var events = await EventsOfAsync(async () =>
        {
            var first = (await Others.Runs.ClaimAsync("one", Lease, Backoff, Cancellation))!;
            first.ShouldBe(older with { State = RunState.Running, StartedAt = Time.GetUtcNow() });
            (await Stores.Runs.ClaimAsync("two", Lease, Backoff, Cancellation))!.Id.ShouldBe(newer.Id);
        });

        events.Select(change => change.Run!.State).ShouldBe([RunState.Running, RunState.Running]);
        (await Stores.Runs.ClaimAsync("three", Lease, Backoff, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Claiming_in_vain_is_not_heard_of()
    {
        await CreateClassifierAsync();

        (await EventsOfAsync(async () => (await Stores.Runs.ClaimAsync("one", Lease, Backoff, Cancellation)).ShouldBeNull()))
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_many_who_claim_at_once_exactly_one_gets_the_run()
    {
        await CreateClassifierAsync();
        await Stores.Runs.RequestAsync("tickets", RunTrigger.Request, Cancellation);

        var claimed = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() =>
            (i % 2 == 0 ? Stores : Others).Runs.ClaimAsync($"retrainer {i}", Lease, Backoff, Cancellation))));

        claimed.Count(run => run is not null).ShouldBe(1);
    }

    [Fact]
    public async Task A_run_queued_while_another_of_its_classifier_runs_waits_for_its_end()
    {
        await CreateClassifierAsync();
        await CreateClassifierAsync("intents");
        var running = await ClaimedAsync();
        var waiting = await Stores.Runs.RequestAsync("tickets", RunTrigger.Feedback, Cancellation);
        var other = await Stores.Runs.RequestAsync("intents", RunTrigger.Feedback, Cancellation);

        waiting.Id.ShouldNotBe(running.Id);
        (await Others.Runs.ClaimAsync("two", Lease, Backoff, Cancellation))!.Id.ShouldBe(other.Id);
        (await Others.Runs.ClaimAsync("two", Lease, Backoff, Cancellation)).ShouldBeNull();
        (await Others.Runs.OpenAsync(Cancellation)).Select(run => run.Id).ShouldBe([running.Id, waiting.Id, other.Id]);

        await Stores.Runs.FailAsync(running.Id, "one", "no data", retryAfter: null, 0, Cancellation);

        (await Others.Runs.ClaimAsync("two", Lease, Backoff, Cancellation))!.Id.ShouldBe(waiting.Id);
    }

    [Fact]
    public async Task A_report_renews_the_lease_and_is_heard_of_every_time()
    {
        await CreateClassifierAsync();
        var run = await ClaimedAsync();

        var events = await EventsOfAsync(async () =>
        {
            for (var i = 1; i <= 3; i++)
            {
                Time.Advance(Lease * 0.9);
                (await Stores.Runs.ReportAsync(run.Id, "one", RunStage.Training, i / 4.0, Lease, Cancellation)).ShouldBeTrue();
                (await Others.Runs.ClaimAsync("two", Lease, Backoff, Cancellation)).ShouldBeNull();
            }
        });

        events.Select(change => change.Run!.Progress).ShouldBe([0.25, 0.5, 0.75]);
        events.ShouldAllBe(change => change.Run!.Stage == RunStage.Training && change.Run.State == RunState.Running);
        (await Others.Runs.FindAsync(run.Id, Cancellation)).ShouldBe(events[^1].Run);
    }

    [Fact]
    public async Task A_run_whose_lease_has_ended_is_interrupted_and_a_new_one_takes_its_place()
    {
        await CreateClassifierAsync();
        var lost = await ClaimedAsync();
        Time.Advance(Lease);

        var events = await EventsOfAsync(async () =>
        {
            var next = (await Others.Runs.ClaimAsync("two", Lease, Backoff, Cancellation))!;
            next.Id.ShouldBeGreaterThan(lost.Id);
            next.Trigger.ShouldBe(lost.Trigger);
        });

        events.Select(change => change.Run!.State).ShouldBe([RunState.Interrupted, RunState.Queued, RunState.Running]);
        var interrupted = (await Stores.Runs.FindAsync(lost.Id, Cancellation))!;
        interrupted.State.ShouldBe(RunState.Interrupted);
        interrupted.EndedAt.ShouldBe(Time.GetUtcNow());
        interrupted.Reason.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_lost_run_is_not_queued_anew_where_one_is_queued_already()
    {
        await CreateClassifierAsync();
        await ClaimedAsync();
        var queued = await Stores.Runs.RequestAsync("tickets", RunTrigger.Feedback, Cancellation);
        Time.Advance(Lease);

        (await Others.Runs.ClaimAsync("two", Lease, Backoff, Cancellation))!.Id.ShouldBe(queued.Id);

        (await Others.Runs.OpenAsync(Cancellation)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Of_many_who_find_a_lost_run_exactly_one_gets_the_new_one()
    {
        await CreateClassifierAsync();
        await ClaimedAsync();
        Time.Advance(Lease);

        var claimed = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Task.Run(() =>
            (i % 2 == 0 ? Stores : Others).Runs.ClaimAsync($"retrainer {i}", Lease, Backoff, Cancellation))));

        claimed.Count(run => run is not null).ShouldBe(1);
        (await Stores.Runs.ListAsync("tickets", 10, Cancellation)).Select(run => run.State)
            .ShouldBe([RunState.Running, RunState.Interrupted]);
    }

    [Fact]
    public async Task An_owner_who_lost_the_run_can_do_nothing_to_it()
    {
        await CreateClassifierAsync();
        var run = await ClaimedAsync();
        Time.Advance(Lease);
        await Others.Runs.ClaimAsync("two", Lease, Backoff, Cancellation);

        await NothingMayChangeAsync(run.Id, "one");
    }

    [Fact]
    public async Task A_run_that_nobody_took_when_its_lease_had_ended_is_still_its_owners()
    {
        await CreateClassifierAsync();
        var run = await ClaimedAsync();
        Time.Advance(Lease * 2);

        (await Stores.Runs.ReportAsync(run.Id, "one", RunStage.Training, 0.5, Lease, Cancellation)).ShouldBeTrue();
        (await Others.Runs.ClaimAsync("two", Lease, Backoff, Cancellation)).ShouldBeNull();
        Time.Advance(Lease * 2);

        (await Stores.Runs.CompleteAsync(run.Id, "one", Result(promote: true), Cancellation)).ShouldNotBeNull();
        (await Others.Runs.FindAsync(run.Id, Cancellation))!.State.ShouldBe(RunState.Promoted);
    }

    [Fact]
    public async Task A_stranger_can_do_nothing_to_a_run()
    {
        await CreateClassifierAsync();
        var run = await ClaimedAsync();

        await NothingMayChangeAsync(run.Id, "two");
    }

    [Fact]
    public async Task A_run_that_has_ended_is_nobodys()
    {
        await CreateClassifierAsync();
        var run = await ClaimedAsync();
        await Stores.Runs.CompleteAsync(run.Id, "one", Result(promote: true), Cancellation);

        await NothingMayChangeAsync(run.Id, "one");
        await NothingMayChangeAsync(run.Id + 100, "one");
    }

    [Fact]
    public async Task Completing_with_promotion_stores_the_model_and_puts_it_in_service_in_one_step()
    {
        await CreateClassifierAsync();
        await TrainAsync(promote: true, mark: 3);
        var run = await ClaimedAsync();
        Time.Advance(TimeSpan.FromSeconds(9));

        var events = await EventsOfAsync(async () =>
        {
            var model = (await Stores.Runs.CompleteAsync(run.Id, "one", Result(promote: true, mark: 12), Cancellation))!;
            model.Version.ShouldBe(2);
            model.State.ShouldBe(ModelState.Champion);
            model.Run.ShouldBe(run.Id);
            model.CreatedAt.ShouldBe(Time.GetUtcNow());
            model.PromotedBy.ShouldBe("retrainer");
            model.PromotedAt.ShouldBe(Time.GetUtcNow());
            model.Lineage.ShouldBe(Result(promote: true, mark: 12).Lineage);
            Json(model.Metrics).ShouldBe(Json(Metrics));
            (await Others.Models.FindAsync("tickets", 2, Cancellation)).ShouldBeEquivalentTo(model);
        });

        events.Select(change => change.Type).ShouldBe([EventTypes.Champion, EventTypes.Run], ignoreOrder: true);
        events.Single(change => change.Type == EventTypes.Champion).Model.ShouldBe(2);
        var ended = (await Others.Runs.FindAsync(run.Id, Cancellation))!;
        ended.State.ShouldBe(RunState.Promoted);
        ended.Model.ShouldBe(2);
        ended.Reason.ShouldBe("better");
        ended.Progress.ShouldBe(1);
        ended.EndedAt.ShouldBe(Time.GetUtcNow());
        (await Others.Models.FindAsync("tickets", 1, Cancellation))!.State.ShouldBe(ModelState.Former);
        var classifier = (await Others.Classifiers.FindAsync("tickets", Cancellation))!;
        classifier.Champion.ShouldBe(2);
        classifier.FeedbackSeen.ShouldBe(12);
        (await Others.Runs.OpenAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Completing_without_promotion_keeps_the_model_as_rejected_and_the_champion_stays()
    {
        await CreateClassifierAsync();
        await TrainAsync(promote: true);
        var run = await ClaimedAsync();

        var events = await EventsOfAsync(async () =>
        {
            var model = (await Stores.Runs.CompleteAsync(run.Id, "one", Result(promote: false, mark: 5), Cancellation))!;
            model.State.ShouldBe(ModelState.Rejected);
            model.Reason.ShouldBe("worse");
            model.PromotedBy.ShouldBeNull();
            model.PromotedAt.ShouldBeNull();
        });

        events.Single().Run!.State.ShouldBe(RunState.Rejected);
        events.Single().Run!.Model.ShouldBe(2);
        events.Single().Run!.Reason.ShouldBe("worse");
        var classifier = (await Others.Classifiers.FindAsync("tickets", Cancellation))!;
        classifier.Champion.ShouldBe(1);
        classifier.FeedbackSeen.ShouldBe(5);
    }

    [Fact]
    public async Task The_feedback_mark_never_moves_back()
    {
        await CreateClassifierAsync();
        await TrainAsync(promote: true, mark: 20);
        await TrainAsync(promote: true, mark: 10);
        var run = await ClaimedAsync();
        await Stores.Runs.FailAsync(run.Id, "one", "no data", retryAfter: null, 15, Cancellation);

        var classifier = (await Others.Classifiers.FindAsync("tickets", Cancellation))!;
        classifier.FeedbackSeen.ShouldBe(20);
        classifier.FeedbackTried.ShouldBe(15);
    }

    [Fact]
    public async Task A_failed_run_ends_without_a_model_and_its_feedback_starts_no_other()
    {
        await CreateClassifierAsync();
        var run = await ClaimedAsync();
        await Stores.Runs.ReportAsync(run.Id, "one", RunStage.Features, 0.2, Lease, Cancellation);

        var events = await EventsOfAsync(async () =>
            (await Stores.Runs.FailAsync(run.Id, "one", "only one label", retryAfter: null, 8, Cancellation)).ShouldBeTrue());

        var failed = events.Single().Run!;
        failed.State.ShouldBe(RunState.Failed);
        failed.Reason.ShouldBe("only one label");
        failed.Stage.ShouldBe(RunStage.Features);
        failed.EndedAt.ShouldBe(Time.GetUtcNow());
        failed.Model.ShouldBeNull();
        var classifier = (await Others.Classifiers.FindAsync("tickets", Cancellation))!;
        classifier.FeedbackTried.ShouldBe(8);
        classifier.FeedbackSeen.ShouldBe(0);
        (await Others.Models.ListAsync("tickets", Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_run_that_is_given_back_is_interrupted_and_queued_anew()
    {
        await CreateClassifierAsync();
        var run = await ClaimedAsync();

        var events = await EventsOfAsync(() => Stores.Runs.ReleaseAsync(run.Id, "one", Cancellation));

        events.Select(change => change.Run!.State).ShouldBe([RunState.Interrupted, RunState.Queued]);
        (await Others.Runs.ClaimAsync("two", Lease, Backoff, Cancellation))!.Trigger.ShouldBe(run.Trigger);
        await NothingMayChangeAsync(run.Id, "one");
    }

    [Fact]
    public async Task A_run_that_is_given_back_is_not_queued_anew_where_one_is_queued_already()
    {
        await CreateClassifierAsync();
        var run = await ClaimedAsync();
        var queued = await Stores.Runs.RequestAsync("tickets", RunTrigger.Import, Cancellation);

        await Stores.Runs.ReleaseAsync(run.Id, "one", Cancellation);

        (await Stores.Runs.OpenAsync(Cancellation)).ShouldBe([queued]);
    }

    [Fact]
    public async Task A_failed_run_that_is_tried_again_waits_and_counts_its_attempts()
    {
        await CreateClassifierAsync();
        var run = await ClaimedAsync();

        var events = await EventsOfAsync(() =>
            Stores.Runs.FailAsync(run.Id, "one", "the disk is away", TimeSpan.FromSeconds(10), 8, Cancellation));

        events.Select(change => change.Run!.State).ShouldBe([RunState.Failed, RunState.Queued]);
        var next = events[1].Run!;
        (next.Attempt, next.NotBefore, next.Trigger).ShouldBe((2, Time.GetUtcNow() + TimeSpan.FromSeconds(10), run.Trigger));
        (await Others.Classifiers.FindAsync("tickets", Cancellation))!.FeedbackTried.ShouldBe(0);
        Time.Advance(TimeSpan.FromSeconds(9));
        (await Others.Runs.ClaimAsync("two", Lease, Backoff, Cancellation)).ShouldBeNull();
        Time.Advance(TimeSpan.FromSeconds(1));
        (await Others.Runs.ClaimAsync("two", Lease, Backoff, Cancellation))!.Id.ShouldBe(next.Id);
    }

    [Fact]
    public async Task Who_asks_for_a_run_that_waits_after_a_failure_gets_it_at_once_as_a_first_attempt()
    {
        await CreateClassifierAsync();
        var run = await ClaimedAsync();
        await Stores.Runs.FailAsync(run.Id, "one", "the disk is away", TimeSpan.FromHours(1), 0, Cancellation);

        var asked = await Others.Runs.RequestAsync("tickets", RunTrigger.Import, Cancellation);

        (asked.Attempt, asked.NotBefore, asked.Trigger).ShouldBe((1, null, RunTrigger.Import));
        (await Stores.Runs.ClaimAsync("two", Lease, Backoff, Cancellation))!.Id.ShouldBe(asked.Id);
        (await Stores.Runs.OpenAsync(Cancellation)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_run_that_kills_its_retrainer_again_and_again_waits_longer_each_time()
    {
        await CreateClassifierAsync();
        await ClaimedAsync();
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            Time.Advance(Lease);
            var claimed = await Others.Runs.ClaimAsync("two", Lease, Backoff, Cancellation);
            if (claimed is null)
            {
                var queued = (await Others.Runs.OpenAsync(Cancellation)).Single();
                waits.Add(queued.NotBefore!.Value - Time.GetUtcNow());
                Time.Advance(waits[^1]);
                claimed = await Others.Runs.ClaimAsync("two", Lease, Backoff, Cancellation);
            }

            claimed!.Attempt.ShouldBe(i + 2);
        }

        // The first time at once, and never longer than a minute.
        waits.ShouldBe([TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(60)]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancelled_run_ends_and_its_feedback_starts_no_other_by_itself(bool running)
    {
        await CreateClassifierAsync();
        await Stores.Feedback.AddAsync(Entry(), null, Cancellation);
        var run = await Stores.Runs.RequestAsync("tickets", RunTrigger.Feedback, Cancellation);
        if (running)
        {
            await Stores.Runs.ClaimAsync("one", Lease, Backoff, Cancellation);
        }

        var events = await EventsOfAsync(() => Others.Runs.CancelAsync(run.Id, "the lead", Cancellation));

        var cancelled = events.Single().Run!;
        (cancelled.State, cancelled.Reason, cancelled.EndedAt).ShouldBe((RunState.Cancelled, "Cancelled by the lead", Time.GetUtcNow()));
        (await Stores.Runs.OpenAsync(Cancellation)).ShouldBeEmpty();
        (await Stores.Runs.RequestForFeedbackAsync("tickets", 1, Cancellation)).ShouldBeNull();
        var classifier = (await Stores.Classifiers.FindAsync("tickets", Cancellation))!;
        (classifier.FeedbackSeen, classifier.FeedbackTried).ShouldBe((0, 1));
        await NothingMayChangeAsync(run.Id, "one");
        await Stores.Feedback.AddAsync(Entry(), null, Cancellation);
        (await Stores.Runs.RequestForFeedbackAsync("tickets", 1, Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Cancelling_what_has_ended_changes_nothing()
    {
        await CreateClassifierAsync();
        await TrainAsync(promote: true);
        var run = (await Stores.Runs.ListAsync("tickets", 1, Cancellation))[0];

        var events = await EventsOfAsync(async () => (await Others.Runs.CancelAsync(run.Id, "the lead", Cancellation)).ShouldBe(run));

        events.ShouldBeEmpty();
        (await Others.Runs.CancelAsync(run.Id + 1, "the lead", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task However_many_keep_a_schedule_there_is_one_run_for_each_time_of_it()
    {
        await CreateClassifierAsync();
        var due = Time.GetUtcNow();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() =>
            (i % 2 == 0 ? Stores : Others).Runs.RequestScheduledAsync("tickets", due, Cancellation))));

        var run = (await Stores.Runs.ListAsync("tickets", 10, Cancellation)).ShouldHaveSingleItem();
        run.Trigger.ShouldBe(RunTrigger.Schedule);
        await Stores.Runs.ClaimAsync("one", Lease, Backoff, Cancellation);
        await Stores.Runs.CompleteAsync(run.Id, "one", Result(promote: true), Cancellation);
        (await Others.Runs.RequestScheduledAsync("tickets", due, Cancellation)).ShouldBeNull();
        Time.Advance(TimeSpan.FromDays(1));
        (await Others.Runs.RequestScheduledAsync("tickets", Time.GetUtcNow(), Cancellation)).ShouldNotBeNull();
        (await Others.Runs.RequestScheduledAsync("nobody", Time.GetUtcNow(), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task The_numbers_of_the_decision_are_kept_with_the_model()
    {
        await CreateClassifierAsync();
        var decision = new GateDecision { Champion = 6, HoldOut = 3800, OnlyChampion = 31, OnlyChallenger = 12, Probability = 0.003, NewFeedback = 10, Learned = 9, Promoted = false };
        var run = await ClaimedAsync();

        await Stores.Runs.CompleteAsync(run.Id, "one", Result(promote: false) with { Decision = decision }, Cancellation);

        (await Others.Models.FindAsync("tickets", 1, Cancellation))!.Decision.ShouldBe(decision);
    }

    [Fact]
    public async Task Feedback_whose_model_is_rejected_is_set_aside_until_a_model_that_has_learned_it_serves()
    {
        await CreateClassifierAsync();
        await TrainAsync(promote: true, mark: 3);
        await TrainAsync(promote: false, mark: 10);
        (await SetAsideAsync()).ShouldBe("4-10");
        // No new feedback, nothing more to set aside.
        await TrainAsync(promote: false, mark: 10);
        (await SetAsideAsync()).ShouldBe("4-10");

        // The fourth has gone without what is set aside: it stays aside.
        var run = await ClaimedAsync();
        var without = Result(promote: true, mark: 20);
        await Stores.Runs.CompleteAsync(run.Id, "one", without with { Lineage = without.Lineage with { SetAside = "4-10" } }, Cancellation);
        (await SetAsideAsync()).ShouldBe("4-10");
        await TrainAsync(promote: false, mark: 25);
        (await SetAsideAsync()).ShouldBe("4-10 21-25");

        // The second has learned what came up to 10, the fifth all, the fourth what came up to 20 but for that.
        await Stores.Models.PromoteAsync("tickets", 2, "the lead", Cancellation);
        (await SetAsideAsync()).ShouldBe("21-25");
        await Stores.Models.RollBackAsync("tickets", "the lead", Cancellation);
        (await SetAsideAsync()).ShouldBe("4-10 21-25");
        await Stores.Models.PromoteAsync("tickets", 5, "the lead", Cancellation);
        (await SetAsideAsync()).ShouldBeNull();
    }

    private async Task<string?> SetAsideAsync() => (await Others.Classifiers.FindAsync("tickets", Cancellation))!.SetAside;

    [Fact]
    public async Task The_history_is_newest_first()
    {
        await CreateClassifierAsync();
        await CreateClassifierAsync("intents");
        for (var i = 0; i < 3; i++)
        {
            await TrainAsync(promote: true);
            await TrainAsync(promote: true, "intents");
        }

        var runs = await Others.Runs.ListAsync("tickets", 2, Cancellation);

        runs.Select(run => run.Model).ShouldBe([3, 2]);
        runs.ShouldAllBe(run => run.Classifier == "tickets");
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Stores.Runs.ListAsync("tickets", 0, Cancellation));
    }

    // Records hold lists of different kinds: what they say is compared, not what they are.
    private static string Json(ModelMetrics metrics) => JsonSerializer.Serialize(metrics, ContractsJson.Default.ModelMetrics);

    private async Task<RetrainingRun> ClaimedAsync()
    {
        await Stores.Runs.RequestAsync("tickets", RunTrigger.Request, Cancellation);
        return (await Stores.Runs.ClaimAsync("one", Lease, Backoff, Cancellation))!;
    }

    private async Task NothingMayChangeAsync(long run, string owner)
    {
        var runs = await Others.Runs.ListAsync("tickets", 10, Cancellation);
        var models = await Others.Models.ListAsync("tickets", Cancellation);
        var classifier = await Others.Classifiers.FindAsync("tickets", Cancellation);

        var events = await EventsOfAsync(async () =>
        {
            (await Stores.Runs.ReportAsync(run, owner, RunStage.Deciding, 0.9, Lease, Cancellation)).ShouldBeFalse();
            (await Stores.Runs.CompleteAsync(run, owner, Result(promote: true, mark: 99), Cancellation)).ShouldBeNull();
            (await Stores.Runs.FailAsync(run, owner, "lost", retryAfter: null, 99, Cancellation)).ShouldBeFalse();
            await Stores.Runs.ReleaseAsync(run, owner, Cancellation);
        });

        events.ShouldBeEmpty();
        (await Others.Runs.ListAsync("tickets", 10, Cancellation)).ShouldBe(runs);
        (await Others.Models.ListAsync("tickets", Cancellation)).ShouldBeEquivalentTo(models);
        (await Others.Classifiers.FindAsync("tickets", Cancellation)).ShouldBeEquivalentTo(classifier);
    }
}
