using Shouldly;
using TicketAspire.Classifier;
using TicketAspire.Retrainer.Runs;
using Xunit;

namespace TicketAspire.Tests.Retrainer;

public sealed class NetworkBasisTests
{
    [Theory]
    [InlineData(1000, 0, 0)]
    [InlineData(1000, 99, 0)]
    [InlineData(1000, 100, 100)]
    [InlineData(1000, 209, 100)]
    [InlineData(1000, 210, 210)]
    [InlineData(34_000, 3_399, 0)]
    [InlineData(34_000, 3_400, 3_400)]
    [InlineData(3, 2, 2)]
    [InlineData(0, 7, 7)]
    public void The_network_stays_until_its_texts_have_grown_by_a_tenth(int examples, int feedback, int learned) =>
        NetworkBasis.Feedback(examples, feedback, Texts(examples + feedback, "a"), count => Texts(examples + count, "a")).Count.ShouldBe(learned);

    [Fact]
    public void An_entry_that_brings_a_label_is_learned_and_the_network_stays_from_then_on()
    {
        // The 31st entry is the first with the label "new".
        static IReadOnlyList<LabelledText> With(int count) => count > 30 ? [.. Texts(count, "a"), .. Texts(1, "new")] : Texts(count + 1, "a");

        NetworkBasis.Feedback(1000, 30, With(30), With).Count.ShouldBe(0);
        NetworkBasis.Feedback(1000, 31, With(31), With).Count.ShouldBe(31);
        NetworkBasis.Feedback(1000, 90, With(90), With).Count.ShouldBe(31);
        NetworkBasis.Feedback(1000, 100, With(100), With).Count.ShouldBe(100);
    }

    private static LabelledText[] Texts(int count, string label) =>
        [.. Enumerable.Range(0, count).Select(i => new LabelledText($"text {i}", label))];
}
