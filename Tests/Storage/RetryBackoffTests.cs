using Shouldly;
using TicketAspire.Storage;
using Xunit;

namespace TicketAspire.Tests.Storage;

public sealed class RetryBackoffTests
{
    private static readonly RetryBackoff Backoff = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(6, 320)]
    [InlineData(7, 600)]
    [InlineData(int.MaxValue, 600)]
    public void The_wait_doubles_up_to_the_longest(int failed, int seconds) =>
        Backoff.After(failed).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void No_wait_stays_none() => new RetryBackoff(TimeSpan.Zero, TimeSpan.Zero).After(100).ShouldBe(TimeSpan.Zero);
}
