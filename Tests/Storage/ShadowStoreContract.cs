using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using Xunit;

namespace TicketAspire.Tests.Storage;

public abstract class ShadowStoreContract(IStoreSite site) : StoreContract(site)
{
    [Fact]
    public async Task Without_a_challenger_there_is_nothing_to_tell()
    {
        await CreateClassifierAsync();
        await TrainAsync(promote: true);

        await Stores.Shadows.AddAsync(Compared(3), Cancellation);

        (await Others.Shadows.ReadAsync("tickets", Cancellation)).ShouldBeNull();
        (await Others.Shadows.ReadAsync("nobody", Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Before_the_first_comparison_all_counts_are_zero()
    {
        await ChallengeAsync();

        var report = (await Others.Shadows.ReadAsync("tickets", Cancellation))!;

        (report.Champion, report.Challenger, report.Compared, report.Since).ShouldBe((1, 2, 0, null));
        report.Pairs.ShouldBeEmpty();
        report.Tickets.ShouldBeEmpty();
    }

    [Fact]
    public async Task Counts_of_several_services_add_up()
    {
        await ChallengeAsync();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() =>
            (i % 2 == 0 ? Stores : Others).Shadows.AddAsync(Compared(3), Cancellation))));

        var report = (await Others.Shadows.ReadAsync("tickets", Cancellation))!;
        report.Since.ShouldBe(Time.GetUtcNow());
        (report.Compared, report.Agreed, report.ChampionRouted, report.ChallengerRouted, report.Dropped).ShouldBe((60, 20, 40, 20, 20));
        report.Pairs.ShouldBe([new ShadowPair("hardware", "access", 40)]);
        report.Tickets.Count.ShouldBe(20);
    }

    [Fact]
    public async Task The_latest_differing_tickets_are_kept_newest_first()
    {
        await ChallengeAsync();
        var all = Enumerable.Range(0, ShadowReport.TicketsKept + 5)
            .Select(i => new ShadowDifference($"text {i}", "hardware", 0.75, "access", 0.5, Time.GetUtcNow())).ToArray();

        await Stores.Shadows.AddAsync(Compared(0) with { Differences = all[..50] }, Cancellation);
        await Others.Shadows.AddAsync(Compared(0) with { Differences = all[50..] }, Cancellation);

        (await Stores.Shadows.ReadAsync("tickets", Cancellation))!.Tickets.ShouldBe(all[5..].Reverse());
    }

    [Fact]
    public async Task What_was_compared_with_another_champion_or_challenger_is_neither_added_nor_told()
    {
        await ChallengeAsync();
        await Stores.Shadows.AddAsync(Compared(3), Cancellation);
        await TrainAsync(promote: true);

        (await Others.Shadows.ReadAsync("tickets", Cancellation))!.Compared.ShouldBe(0);
        // A service that has not heard of the new champion yet.
        await Stores.Shadows.AddAsync(Compared(3), Cancellation);
        (await Others.Shadows.ReadAsync("tickets", Cancellation))!.Compared.ShouldBe(0);

        await Stores.Shadows.AddAsync(Compared(6) with { Champion = 3 }, Cancellation);
        var report = (await Others.Shadows.ReadAsync("tickets", Cancellation))!;
        (report.Champion, report.Compared, report.Pairs[0].Count, report.Tickets.Count).ShouldBe((3, 6, 2, 1));
    }

    private static ShadowComparisons Compared(int texts) => new("tickets", 1, 2)
    {
        Compared = texts,
        Agreed = texts / 3,
        ChampionRouted = texts / 3 * 2,
        ChallengerRouted = texts / 3,
        Dropped = texts / 3,
        Pairs = [new ShadowPair("hardware", "access", 2)],
        Differences = [new ShadowDifference("the printer's password", "hardware", 0.75, "access", 0.5, DateTimeOffset.UnixEpoch)],
    };

    private async Task ChallengeAsync()
    {
        await CreateClassifierAsync();
        await TrainAsync(promote: true);
        await TrainAsync(promote: false);
        (await Stores.Classifiers.SetChallengerAsync("tickets", 2, Cancellation)).ShouldBeTrue();
    }
}
