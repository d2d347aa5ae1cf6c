using Shouldly;
using TicketAspire.Classifier.Evaluation;
using Xunit;

namespace TicketAspire.Tests.Classifier;

public sealed class PopulationStabilityTests
{
    [Fact]
    public void Equal_shares_have_an_index_of_nothing() =>
        PopulationStability.Of([100, 200, 700], [10_000, 20_000, 70_000]).Index.ShouldBe(0, 1e-4);

    [Fact]
    public void The_index_is_that_of_the_formula()
    {
        // (0.3 - 0.5) ln(0.3 / 0.5) + (0.7 - 0.5) ln(0.7 / 0.5); so many cases that half a case more changes nothing.
        PopulationStability.Of([5_000_000, 5_000_000], [3_000_000, 7_000_000]).Index.ShouldBe(0.169460, 1e-5);
        // 0.4 ln 0.5 is what 0.8 to 0.4 gives; 0.4 ln 3 what 0.2 to 0.6 gives.
        PopulationStability.Of([8_000_000, 2_000_000], [4_000_000, 6_000_000]).Index.ShouldBe((0.4 * Math.Log(2)) + (0.4 * Math.Log(3)), 1e-5);
    }

    [Fact]
    public void It_is_the_same_in_both_directions() =>
        PopulationStability.Of([100, 300, 600], [500, 300, 200]).Index
            .ShouldBe(PopulationStability.Of([500, 300, 200], [100, 300, 600]).Index, 1e-12);

    [Fact]
    public void A_part_that_is_empty_now_is_large_but_not_infinite() =>
        PopulationStability.Of([500, 500], [1000, 0]).Index.ShouldBeInRange(2, 10);

    [Fact]
    public void Parts_that_were_hardly_there_are_taken_together()
    {
        var rare = Enumerable.Repeat(1L, 50).ToArray();

        var spread = PopulationStability.Of([1000, .. rare], [200, .. Enumerable.Range(0, 50).Select(i => i < 10 ? 1L : 0)]);

        spread.Index.ShouldBe(PopulationStability.Of([1000, 50], [200, 10]).Index, 1e-12);
    }

    [Theory]
    [InlineData(8, 300, 200)]
    [InlineData(10, 500, 1000)]
    [InlineData(31, 1500, 200)]
    [InlineData(150, 3000, 400)]
    public void Chance_exceeds_its_limit_about_once_in_a_thousand_times(int parts, int before, int now)
    {
        var random = new Random(7);
        var above = 0;
        var sum = 0.0;
        const int Times = 2000;
        for (var i = 0; i < Times; i++)
        {
            var stability = PopulationStability.Of(Draw(before), Draw(now));
            above += stability.Index > stability.Chance ? 1 : 0;
            sum += stability.Index / stability.Chance;
        }

        above.ShouldBeLessThan(20);
        // A limit that is far away from what chance does would be none.
        (sum / Times).ShouldBeInRange(0.2, 0.9);

        long[] Draw(int cases)
        {
            var counts = new long[parts];
            for (var i = 0; i < cases; i++)
            {
                counts[random.Next(parts)]++;
            }

            return counts;
        }
    }

    [Fact]
    public void What_cannot_be_compared_is_refused()
    {
        Should.Throw<ArgumentException>(() => PopulationStability.Of([1, 2], [1]));
        Should.Throw<ArgumentException>(() => PopulationStability.Of([0, 0], [1, 2]));
        Should.Throw<ArgumentException>(() => PopulationStability.Of([1, 2], [0, 0]));
    }
}
