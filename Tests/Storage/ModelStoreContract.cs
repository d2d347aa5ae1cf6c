using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using Xunit;

namespace TicketAspire.Tests.Storage;

public abstract class ModelStoreContract(IStoreSite site) : StoreContract(site)
{
    [Fact]
    public async Task There_are_none_at_first()
    {
        await CreateClassifierAsync();

        (await Stores.Models.ChampionsAsync(Cancellation)).ShouldBeEmpty();
        (await Stores.Models.ListAsync("tickets", Cancellation)).ShouldBeEmpty();
        (await Stores.Models.FindAsync("tickets", 1, Cancellation)).ShouldBeNull();
        (await Stores.Models.PromoteAsync("tickets", 1, "someone", Cancellation)).ShouldBeNull();
        await Should.ThrowAsync<KeyNotFoundException>(() => Stores.Models.ReadAsync("tickets", 1, Cancellation));
    }

    [Fact]
    public async Task Versions_count_from_1_within_the_classifier_and_are_listed_newest_first()
    {
        await CreateClassifierAsync();
        await CreateClassifierAsync("intents");
        await TrainAsync(promote: true);
        await TrainAsync(promote: true, "intents");
        await TrainAsync(promote: false);

        (await Others.Models.ListAsync("tickets", Cancellation)).Select(model => model.Version).ShouldBe([2, 1]);
        (await Others.Models.ListAsync("intents", Cancellation)).Select(model => model.Version).ShouldBe([1]);
    }

    [Fact]
    public async Task The_file_comes_back_byte_for_byte()
    {
        await CreateClassifierAsync();
        var file = Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31)).ToArray();

        var model = await TrainAsync(promote: true, file: file);

        model.Size.ShouldBe(file.Length);
        model.Checksum.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file)));
        (await Others.Models.ReadAsync("tickets", model.Version, Cancellation)).ShouldBe(file);
    }

    [Fact]
    public async Task Versions_with_the_same_bytes_have_each_their_file()
    {
        await CreateClassifierAsync();
        await TrainAsync(promote: true, file: [9, 9]);
        await TrainAsync(promote: true, file: [9, 9]);

        (await Stores.Models.ReadAsync("tickets", 1, Cancellation)).ShouldBe([9, 9]);
        (await Stores.Models.ReadAsync("tickets", 2, Cancellation)).ShouldBe([9, 9]);
    }

    [Fact]
    public async Task The_champions_are_the_versions_in_service()
    {
        await CreateClassifierAsync();
        await CreateClassifierAsync("intents");
        await CreateClassifierAsync("priority");
        await TrainAsync(promote: true);
        await TrainAsync(promote: true);
        await TrainAsync(promote: true, "intents");
        await TrainAsync(promote: false, "priority");

        var champions = await Others.Models.ChampionsAsync(Cancellation);

        champions.ToDictionary(pair => pair.Key, pair => pair.Value.Version)
            .ShouldBe(new Dictionary<string, int> { ["tickets"] = 2, ["intents"] = 1 }, ignoreOrder: true);
        champions.Values.ShouldAllBe(model => model.State == ModelState.Champion);
    }

    [Fact]
    public async Task Promoting_puts_any_version_in_service_and_the_one_before_becomes_former()
    {
        await CreateClassifierAsync();
        await TrainAsync(promote: true);
        var rejected = await TrainAsync(promote: false);
        Time.Advance(TimeSpan.FromHours(1));

        var events = await EventsOfAsync(async () =>
        {
            var promoted = (await Stores.Models.PromoteAsync("tickets", rejected.Version, "the lead", Cancellation))!;
            promoted.State.ShouldBe(ModelState.Champion);
            promoted.PromotedBy.ShouldBe("the lead");
            promoted.PromotedAt.ShouldBe(Time.GetUtcNow());
            promoted.Reason.ShouldBe(rejected.Reason);
        });

        events.Single().Type.ShouldBe(EventTypes.Champion);
        events.Single().Model.ShouldBe(rejected.Version);
        var former = (await Others.Models.FindAsync("tickets", 1, Cancellation))!;
        former.State.ShouldBe(ModelState.Former);
        former.PromotedBy.ShouldBe("retrainer");
        (await Others.Classifiers.FindAsync("tickets", Cancellation))!.Champion.ShouldBe(rejected.Version);
    }

    [Fact]
    public async Task A_model_from_elsewhere_is_the_next_version_with_a_run_of_its_own_and_leaves_the_feedback_new()
    {
        await CreateClassifierAsync();
        var trained = await TrainAsync(promote: true);
        var before = (await Stores.Classifiers.FindAsync("tickets", Cancellation))!;
        await Stores.Runs.RequestAsync("tickets", RunTrigger.Feedback, Cancellation);
        var result = new RunResult { File = new byte[] { 5, 6 }, Metrics = trained.Metrics, Lineage = trained.Lineage, Promote = false, Reason = "Imported" };

        var model = (await Stores.Runs.ImportAsync("tickets", result, Cancellation))!;

        (model.Version, model.State, model.Reason).ShouldBe((2, ModelState.Imported, "Imported"));
        (await Others.Models.ReadAsync("tickets", 2, Cancellation)).ShouldBe([5, 6]);
        var run = (await Others.Runs.FindAsync(model.Run, Cancellation))!;
        (run.Trigger, run.State, run.Model, run.Reason).ShouldBe((RunTrigger.Upload, RunState.Rejected, 2, "Imported"));
        run.EndedAt.ShouldNotBeNull();
        (await Others.Runs.OpenAsync(Cancellation)).ShouldHaveSingleItem().Trigger.ShouldBe(RunTrigger.Feedback);
        var after = (await Others.Classifiers.FindAsync("tickets", Cancellation))!;
        (after.Champion, after.FeedbackSeen, after.SetAside, after.LastVersion).ShouldBe((1, before.FeedbackSeen, before.SetAside, 2));
        (await Stores.Models.PromoteAsync("tickets", 2, "someone", Cancellation))!.State.ShouldBe(ModelState.Champion);
        (await Stores.Runs.ImportAsync("nothing", result, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_former_champion_can_be_rolled_back_to()
    {
        await CreateClassifierAsync();
        await TrainAsync(promote: true);
        await TrainAsync(promote: true);

        await Others.Models.PromoteAsync("tickets", 1, "the lead", Cancellation);

        (await Stores.Models.ListAsync("tickets", Cancellation)).Select(model => model.State)
            .ShouldBe([ModelState.Former, ModelState.Champion]);
    }

    [Fact]
    public async Task Promoting_the_champion_changes_nothing()
    {
        await CreateClassifierAsync();
        await TrainAsync(promote: true);
        var before = await Stores.Models.FindAsync("tickets", 1, Cancellation);
        Time.Advance(TimeSpan.FromHours(1));

        var events = await EventsOfAsync(async () =>
            (await Others.Models.PromoteAsync("tickets", 1, "the lead", Cancellation)).ShouldBeEquivalentTo(before));

        events.ShouldBeEmpty();
        (await Stores.Models.FindAsync("tickets", 1, Cancellation)).ShouldBeEquivalentTo(before);
    }

    [Fact]
    public async Task Promoting_a_version_that_is_not_there_leaves_the_champion()
    {
        await CreateClassifierAsync();
        await TrainAsync(promote: true);

        var events = await EventsOfAsync(async () =>
            (await Stores.Models.PromoteAsync("tickets", 2, "the lead", Cancellation)).ShouldBeNull());

        events.ShouldBeEmpty();
        (await Stores.Classifiers.FindAsync("tickets", Cancellation))!.Champion.ShouldBe(1);
    }

    [Fact]
    public async Task Rolling_back_puts_in_service_what_served_before_and_again_what_served_after()
    {
        await CreateClassifierAsync();
        (await Stores.Models.RollBackAsync("tickets", "the lead", Cancellation)).ShouldBeNull();
        for (var i = 0; i < 3; i++)
        {
            await TrainAsync(promote: i != 1);
            Time.Advance(TimeSpan.FromHours(1));
        }

        var events = await EventsOfAsync(async () =>
        {
            var back = (await Others.Models.RollBackAsync("tickets", "the lead", Cancellation))!;
            (back.Version, back.State, back.PromotedBy).ShouldBe((1, ModelState.Champion, "the lead"));
            back.RetiredAt.ShouldBeNull();
        });

        events.Single().Model.ShouldBe(1);
        (await Stores.Models.FindAsync("tickets", 3, Cancellation))!.RetiredAt.ShouldBe(Time.GetUtcNow());
        (await Stores.Models.RollBackAsync("tickets", "the lead", Cancellation))!.Version.ShouldBe(3);
    }

    [Fact]
    public async Task Each_time_in_service_is_told_of_a_version_that_was_gone_back_to_too()
    {
        await CreateClassifierAsync();
        await CreateClassifierAsync("intents");
        var start = Time.GetUtcNow();
        await TrainAsync(promote: true);
        await TrainAsync(promote: true, "intents");
        Time.Advance(TimeSpan.FromHours(1));
        await TrainAsync(promote: true);
        Time.Advance(TimeSpan.FromHours(1));
        await Others.Models.RollBackAsync("tickets", "the lead", Cancellation);
        Time.Advance(TimeSpan.FromHours(1));
        await Others.Models.PromoteAsync("tickets", 2, "ben", Cancellation);
        // Changes nothing.
        await Others.Models.PromoteAsync("tickets", 2, "anna", Cancellation);

        var times = await Stores.Models.ServiceTimesAsync("tickets", start, Time.GetUtcNow().AddHours(1), Cancellation);

        times.ShouldBe([
            new ServiceTime(1, start, start.AddHours(1), Metrics.Accuracy, "retrainer"),
            new ServiceTime(2, start.AddHours(1), start.AddHours(2), Metrics.Accuracy, "retrainer"),
            new ServiceTime(1, start.AddHours(2), start.AddHours(3), Metrics.Accuracy, "the lead"),
            new ServiceTime(2, start.AddHours(3), null, Metrics.Accuracy, "ben"),
        ]);
        (await Stores.Models.ServiceTimesAsync("tickets", start.AddHours(1), start.AddHours(2), Cancellation))
            .ShouldBe([times[1]], "the others ended by then, or began after");
        (await Stores.Models.ServiceTimesAsync("tickets", start.AddHours(9), start.AddHours(10), Cancellation)).ShouldBe([times[3]]);
        (await Stores.Models.ServiceTimesAsync("intents", start, start.AddHours(1), Cancellation)).ShouldHaveSingleItem().To.ShouldBeNull();
        (await Stores.Models.ServiceTimesAsync("nothing", start, start.AddHours(1), Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_time_in_service_of_a_version_that_is_deleted_is_kept()
    {
        await CreateClassifierAsync();
        var start = Time.GetUtcNow();
        await TrainAsync(promote: true);
        Time.Advance(TimeSpan.FromHours(1));
        await TrainAsync(promote: true);
        var before = await Stores.Models.ServiceTimesAsync("tickets", start, Time.GetUtcNow().AddHours(1), Cancellation);

        (await Others.Models.DeleteAsync("tickets", 1, Cancellation)).ShouldBe(ModelDeletion.Deleted);

        before.Select(time => time.Model).ShouldBe([1, 2]);
        (await Stores.Models.ServiceTimesAsync("tickets", start, Time.GetUtcNow().AddHours(1), Cancellation)).ShouldBe(before);
    }

    [Fact]
    public async Task What_is_deleted_is_gone_and_its_version_is_not_given_again()
    {
        await CreateClassifierAsync();
        await TrainAsync(promote: true, file: [1]);
        await TrainAsync(promote: false, file: [2]);

        (await Others.Models.DeleteAsync("tickets", 2, Cancellation)).ShouldBe(ModelDeletion.Deleted);

        (await Stores.Models.FindAsync("tickets", 2, Cancellation)).ShouldBeNull();
        await Should.ThrowAsync<KeyNotFoundException>(() => Stores.Models.ReadAsync("tickets", 2, Cancellation));
        (await Stores.Models.DeleteAsync("tickets", 2, Cancellation)).ShouldBe(ModelDeletion.NotFound);
        (await TrainAsync(promote: false)).Version.ShouldBe(3);
    }

    [Fact]
    public async Task The_champion_and_the_challenger_are_not_deleted()
    {
        await CreateClassifierAsync();
        await TrainAsync(promote: true);
        await TrainAsync(promote: false);
        (await Stores.Classifiers.SetChallengerAsync("tickets", 2, Cancellation)).ShouldBeTrue();

        (await Others.Models.DeleteAsync("tickets", 1, Cancellation)).ShouldBe(ModelDeletion.InUse);
        (await Others.Models.DeleteAsync("tickets", 2, Cancellation)).ShouldBe(ModelDeletion.InUse);
        (await Others.Models.PruneAsync("tickets", 0, DateTimeOffset.MaxValue, Cancellation)).ShouldBeEmpty();
        (await Stores.Models.ListAsync("tickets", Cancellation)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_file_that_another_version_has_too_stays_when_one_is_deleted()
    {
        await CreateClassifierAsync();
        await TrainAsync(promote: true, file: [9, 9]);
        await TrainAsync(promote: false, file: [9, 9]);

        await Stores.Models.DeleteAsync("tickets", 2, Cancellation);

        (await Others.Models.ReadAsync("tickets", 1, Cancellation)).ShouldBe([9, 9]);
    }

    [Fact]
    public async Task Old_versions_are_deleted_but_the_newest_and_those_that_served_of_late()
    {
        await CreateClassifierAsync();
        // Versions 1, 3, 5, 7 serve for a day each; 2, 4, 6, 8 are rejected.
        for (var i = 1; i <= 8; i++)
        {
            await TrainAsync(promote: i % 2 == 1);
            Time.Advance(TimeSpan.FromHours(12));
        }

        // Version 5 left service two days ago less a half, version 3 a day earlier.
        var deleted = await Others.Models.PruneAsync("tickets", 2, Time.GetUtcNow() - TimeSpan.FromDays(2), Cancellation);

        deleted.ShouldBe([1, 2, 4, 6]);
        (await Stores.Models.ListAsync("tickets", Cancellation)).Select(model => model.Version).ShouldBe([8, 7, 5, 3]);
    }

    [Fact]
    public async Task However_many_promote_at_once_there_is_one_champion()
    {
        await CreateClassifierAsync();
        for (var i = 0; i < 4; i++)
        {
            await TrainAsync(promote: false);
        }

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() =>
            (i % 2 == 0 ? Stores : Others).Models.PromoteAsync("tickets", i % 4 + 1, "someone", Cancellation))));

        (await Stores.Models.ListAsync("tickets", Cancellation)).Count(model => model.State == ModelState.Champion).ShouldBe(1);
    }
}
