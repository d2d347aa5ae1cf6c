using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using Xunit;

namespace TicketAspire.Tests.Storage;

public abstract class RollupStoreContract(IStoreSite site) : StoreContract(site)
{
    private const string Predictions = "predictions";
    private const string Durations = "durations";

    private DateTimeOffset Now => Time.GetUtcNow();

    [Fact]
    public async Task What_several_services_add_is_added_up()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() =>
            (i % 2 == 0 ? Stores : Others).Rollups.AddAsync([Counted(Now, 3), Timed(Now, 0.5, (7, 1), (9, 2))], Cancellation))));

        var read = await Others.Rollups.ReadAsync(RollupSpan.Minute, Now, Now.AddMinutes(1), [Predictions, Durations], Cancellation);

        var counted = read.Single(rollup => rollup.Series == Predictions);
        (counted.At, counted.Count, counted.Sum).ShouldBe((Now, 60, 0));
        counted.Tags.ShouldBe(["tickets", "it's \"|\" é"]);
        counted.Buckets.ShouldBeEmpty();
        var timed = read.Single(rollup => rollup.Series == Durations);
        (timed.Count, Math.Round(timed.Sum, 9)).ShouldBe((60, 10));
        timed.Buckets.OrderBy(bucket => bucket.Key).ShouldBe([new(7, 20), new(9, 40)]);
    }

    [Fact]
    public async Task The_same_can_be_read_by_minutes_by_tens_of_them_and_by_hours()
    {
        var begin = Now;
        foreach (var minute in new[] { 0, 3, 12, 65 })
        {
            await Stores.Rollups.AddAsync([Counted(begin.AddMinutes(minute), 1)], Cancellation);
        }

        Time.Advance(TimeSpan.FromHours(2));

        await TimesAsync(RollupSpan.Minute, (0, 1), (3, 1), (12, 1), (65, 1));
        await TimesAsync(RollupSpan.TenMinutes, (0, 2), (10, 1), (60, 1));
        await TimesAsync(RollupSpan.Hour, (0, 3), (60, 1));

        async Task TimesAsync(RollupSpan span, params (int Minute, long Count)[] expected) =>
            (await Others.Rollups.ReadAsync(span, begin, Now, [Predictions], Cancellation))
                .Select(rollup => ((int)(rollup.At - begin).TotalMinutes, rollup.Count)).ShouldBe(expected);
    }

    [Fact]
    public async Task Only_what_is_asked_for_is_read()
    {
        await Stores.Rollups.AddAsync([Counted(Now, 1), Counted(Now.AddMinutes(1), 2), Counted(Now.AddMinutes(2), 4), Timed(Now, 1, (0, 1))], Cancellation);
        Time.Advance(TimeSpan.FromMinutes(3));
        var start = Now.AddMinutes(-3);

        // A time within a minute asks for the whole of it; the end is not part of it.
        var read = await Others.Rollups.ReadAsync(RollupSpan.Minute, start.AddSeconds(70), start.AddMinutes(2), [Predictions], Cancellation);

        read.ShouldHaveSingleItem().Count.ShouldBe(2);
        (await Others.Rollups.ReadAsync(RollupSpan.Minute, start, start.AddYears(10), ["others"], Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Different_tags_are_told_apart()
    {
        await Stores.Rollups.AddAsync([Counted(Now, 1), Counted(Now, 2) with { Tags = ["tickets", ""] }], Cancellation);

        (await Others.Rollups.ReadAsync(RollupSpan.Hour, Now, Now.AddHours(1), [Predictions], Cancellation))
            .Select(rollup => (rollup.Tags[1], rollup.Count)).ShouldBe([("it's \"|\" é", 1), ("", 2)], ignoreOrder: true);
    }

    [Theory]
    [InlineData(RollupSpan.Minute)]
    [InlineData(RollupSpan.TenMinutes)]
    [InlineData(RollupSpan.Hour)]
    public async Task What_is_older_than_is_kept_is_gone(RollupSpan span)
    {
        var begin = Now;
        await Stores.Rollups.AddAsync([Counted(begin, 1)], Cancellation);

        Time.Advance(span.Kept);
        (await Others.Rollups.ReadAsync(span, begin, Now, [Predictions], Cancellation)).Count.ShouldBe(1);

        Time.Advance(span.Length);
        await Stores.Rollups.AddAsync([Counted(Now, 1)], Cancellation);
        (await Others.Rollups.ReadAsync(span, begin, Now, [Predictions], Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_rollups_of_a_long_outage_are_added_at_once()
    {
        await Stores.Rollups.AddAsync(
            [.. Enumerable.Range(0, 1200).Select(i => Counted(Now, 1) with { Tags = [$"{i}"] })], Cancellation);

        (await Others.Rollups.ReadAsync(RollupSpan.Hour, Now, Now.AddHours(1), [Predictions], Cancellation)).Count.ShouldBe(1200);
    }

    private static Rollup Counted(DateTimeOffset at, long count) =>
        new() { At = at, Series = Predictions, Tags = ["tickets", "it's \"|\" é"], Count = count };

    private static Rollup Timed(DateTimeOffset at, double sum, params (int Bucket, long Count)[] buckets) => new()
    {
        At = at,
        Series = Durations,
        Tags = ["tickets"],
        Count = buckets.Sum(bucket => bucket.Count),
        Sum = sum,
        Buckets = buckets.ToDictionary(bucket => bucket.Bucket, bucket => bucket.Count),
    };
}
