using Shouldly;
using TicketAspire.Contracts;
using Xunit;

namespace TicketAspire.Tests.Contracts;

public sealed class FeedbackRangesTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData(" ", null)]
    [InlineData("11-20", "11-20")]
    [InlineData("11-20 31-40", "11-20 31-40")]
    public void What_is_written_is_read(string? text, string? again) => FeedbackRanges.Parse(text).ToText().ShouldBe(again);

    [Theory]
    [InlineData("11")]
    [InlineData("a-b")]
    [InlineData("1-2-3")]
    public void What_is_no_range_is_refused(string text) => Should.Throw<FormatException>(() => FeedbackRanges.Parse(text));

    [Fact]
    public void A_range_holds_its_first_and_last_entry()
    {
        var ranges = FeedbackRanges.Parse("11-20 31-31");

        new long[] { 10, 11, 20, 21, 30, 31, 32 }.Where(ranges.Contains).ShouldBe([11L, 20L, 31L]);
        FeedbackRanges.None.Contains(1).ShouldBeFalse();
    }

    [Fact]
    public void A_range_without_entries_adds_nothing()
    {
        FeedbackRanges.None.And(5, 4).IsEmpty.ShouldBeTrue();
        FeedbackRanges.None.And(5, 5).And(7, 9).ToText().ShouldBe("5-5 7-9");
    }

    [Fact]
    public void Of_others_those_stay_that_begin_after_an_entry() =>
        FeedbackRanges.Parse("1-3").AndAfter(FeedbackRanges.Parse("1-3 11-20 31-40"), 20).ToText().ShouldBe("1-3 31-40");
}
