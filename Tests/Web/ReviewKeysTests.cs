using Shouldly;
using TicketAspire.Web;
using Xunit;

namespace TicketAspire.Tests.Web;

public sealed class ReviewKeysTests
{
    [Fact]
    public void A_label_has_the_same_key_whatever_was_predicted()
    {
        string[] labels = ["Storage", "Access", "Hardware"];
        var one = ReviewKeys.Assign(labels, ["Storage"]);
        one.ShouldBe([new("Access", '1'), new("Hardware", '2'), new("Storage", '3')]);
        ReviewKeys.Assign(labels, ["Access", "Hardware"]).ShouldBe(one);
    }

    [Fact]
    public void As_many_labels_as_keys_all_have_one()
    {
        var labels = Labels(ReviewKeys.Keys.Length);
        var choices = ReviewKeys.Assign(labels, []);
        choices.Select(choice => choice.Key).ShouldBe(ReviewKeys.Keys.Select(key => (char?)key));
        choices.Select(choice => choice.Label).ShouldBe(labels);
    }

    [Fact]
    public void With_more_labels_than_keys_those_that_were_considered_come_first_and_have_the_keys()
    {
        var labels = Labels(ReviewKeys.Keys.Length + 1);
        var choices = ReviewKeys.Assign(labels, ["label 20", "label 03", "label 20", "gone meanwhile"]);
        choices.Count.ShouldBe(labels.Length);
        choices[0].ShouldBe(new ReviewChoice("label 20", '1'));
        choices[1].ShouldBe(new ReviewChoice("label 03", '2'));
        choices[2].ShouldBe(new ReviewChoice("label 00", null));
        choices.Count(choice => choice.Key is not null).ShouldBe(2);
        choices.Select(choice => choice.Label).Order(StringComparer.Ordinal).ShouldBe(labels);
    }

    private static string[] Labels(int count) => [.. Enumerable.Range(0, count).Select(i => $"label {i:00}")];
}
