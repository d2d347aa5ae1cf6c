using Shouldly;
using TicketAspire.Contracts;
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
