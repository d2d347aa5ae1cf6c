using Shouldly;
using TicketAspire.ServiceDefaults.Telemetry.Rollups;
using Xunit;

namespace TicketAspire.Tests.ServiceDefaults;

public sealed class RollupBucketsTests
{
    [Fact]
    public void Every_value_is_between_its_buckets_edges()
    {
        foreach (var buckets in new[] { RollupBuckets.Durations, RollupBuckets.Fractions })
        {
            for (var value = 1.1e-5; value < 1; value *= 1.037)
            {
                var bucket = buckets.Of(value);
                value.ShouldBeInRange(buckets.Lower(bucket) * (1 - 1e-9), buckets.Upper(bucket) * (1 + 1e-9));
            }
        }
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(0.05, 1)]
    [InlineData(0.15000000000000002, 3)]
    [InlineData(0.1499999999, 3)]
    [InlineData(0.999, 19)]
    [InlineData(1, 19)]
    [InlineData(2, 19)]
    [InlineData(double.NaN, 0)]
    public void A_share_has_its_twentieth(double share, int bucket) => RollupBuckets.Fractions.Of(share).ShouldBe(bucket);

    [Fact]
    public void Durations_reach_from_microseconds_to_an_hour_and_none_falls_outside()
    {
        var buckets = RollupBuckets.Durations;

        buckets.Of(0).ShouldBe(0);
        buckets.Of(1e-9).ShouldBe(0);
        buckets.Of(1e9).ShouldBe(buckets.Count - 1);
        buckets.Lower(buckets.Count - 1).ShouldBeGreaterThanOrEqualTo(3600);
        (buckets.Upper(40) / buckets.Upper(39)).ShouldBe(1.25, 1e-9);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.95)]
    [InlineData(0.99)]
    public void A_quantile_is_near_the_true_one(double share)
    {
        double[] values = [.. Enumerable.Range(1, 10_000).Select(i => 1e-4 * Math.Pow(1.0007, i))];
        var counts = values.CountBy(RollupBuckets.Durations.Of).ToDictionary(pair => pair.Key, pair => (long)pair.Value);

        var quantile = RollupBuckets.Durations.Quantile(counts, share).ShouldNotBeNull();

        (quantile / values[(int)(share * values.Length)]).ShouldBeInRange(0.88, 1.13);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.5)]
    [InlineData(0.95)]
    [InlineData(0.99)]
    public void Equal_values_at_an_edge_of_a_bucket_are_told_a_quarter_too_high_or_a_fifth_too_low_at_most(double share)
    {
        var buckets = RollupBuckets.Durations;
        var bucket = buckets.Of(0.004);
        var (lowest, highest) = (buckets.Lower(bucket) * (1 + 1e-6), buckets.Upper(bucket));
        (buckets.Of(lowest), buckets.Of(highest)).ShouldBe((bucket, bucket));

        var quantile = buckets.Quantile(new Dictionary<int, long> { [bucket] = 1000 }, share).ShouldNotBeNull();

        (quantile / lowest).ShouldBe(1 + (0.25 * share), 1e-5);
        (quantile / lowest).ShouldBeInRange(1, 1.25);
        (quantile / highest).ShouldBeInRange(0.8, 1);
    }

    [Fact]
    public void Of_nothing_there_is_no_quantile() =>
        RollupBuckets.Durations.Quantile(new Dictionary<int, long>(), 0.5).ShouldBeNull();
}
