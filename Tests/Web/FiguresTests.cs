using Shouldly;
using TicketAspire.Web;
using Xunit;

namespace TicketAspire.Tests.Web;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0.012, "+1.2 points")]
    [InlineData(-0.01, "−1.0 point")]
    [InlineData(0.00004, "0.0 points")]
    [InlineData(-0.00004, "0.0 points")]
    public void A_change_has_its_sign_if_it_can_be_seen(double change, string words) =>
        Plain(Figures.Points(change)).ShouldBe(words);

    [Theory]
    [InlineData(-3, "now")]
    [InlineData(19.2, "in 20 s")]
    [InlineData(200, "in 4 min")]
    public void What_is_ahead_is_told_in_seconds_or_minutes(double seconds, string words) =>
        Plain(Figures.Ahead(TimeSpan.FromSeconds(seconds))).ShouldBe(words);

    [Theory]
    [InlineData(0.0004, "p < 0.001")]
    [InlineData(0.0416, "p = 0.042")]
    [InlineData(1, "p = 1")]
    public void A_probability_is_never_written_as_zero(double p, string words) =>
        Plain(Figures.Probability(p)).ShouldBe(words);

    private static string Plain(string words) => words.Replace('\u00a0', ' ');
}
