using Shouldly;
using TicketAspire.Api.Predictions;
using Xunit;

namespace TicketAspire.Tests.Api;

public sealed class TicketIdTests
{
    [Fact]
    public void Ids_are_in_the_order_of_their_time_within_a_millisecond()
    {
        var start = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        var ids = Enumerable.Range(0, 5000).Select(i => TicketId.New(start.AddMicroseconds(i))).ToArray();

        ids.ShouldBe(ids.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Ids_of_one_moment_differ()
    {
        var at = DateTimeOffset.UnixEpoch.AddDays(20_000);

        Enumerable.Range(0, 1000).Select(_ => TicketId.New(at)).Distinct().Count().ShouldBe(1000);
    }

    [Fact]
    public void An_id_is_a_UUID_of_version_7_of_its_millisecond()
    {
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero).AddMicroseconds(999.9);

        var id = Guid.ParseExact(TicketId.New(at), "N");

        id.Version.ShouldBe(7);
        id.Variant.ShouldBeInRange(8, 11);
        id.ToString("N")[..12].ShouldBe(at.ToUnixTimeMilliseconds().ToString("x12"));
    }
}
