using Shouldly;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Evaluation;
using TicketAspire.Retrainer;
using TicketAspire.Retrainer.Runs;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Retrainer;

public sealed class GateTests
{
    private static readonly TextClassifier Good = Train(text => text.Label);

    private static readonly TextClassifier Exchanged = Train(text => text.Label switch
    {
        SmallClassifier.Printer => SmallClassifier.Network,
        SmallClassifier.Network => SmallClassifier.Printer,
        var other => other,
    });

    [Fact]
    public void The_first_model_is_promoted() =>
        Decide(null, Exchanged).ShouldBe(new Decision(true, "The first model of this classifier"));

    [Fact]
    public void A_challenger_that_is_worse_than_the_champion_is_rejected_with_the_numbers()
    {
        var decision = Decide((Good, 7), Exchanged);

        decision.Promote.ShouldBeFalse();
        decision.Reason.ShouldBe("Kept version 7: of 36 hold-out texts it got 24 wrong that version 7 had right, and 0 the other way");
    }

    [Fact]
    public void A_challenger_that_is_better_is_promoted_with_the_numbers()
    {
        var decision = Decide((Exchanged, 7), Good);

        decision.Promote.ShouldBeTrue();
        decision.Reason.ShouldBe("Not worse: of 36 hold-out texts it got 0 wrong that version 7 had right, and 24 the other way");
    }

    [Fact]
    public void A_challenger_that_is_as_good_is_promoted() => Decide((Good, 7), Good).Promote.ShouldBeTrue();

    [Fact]
    public void A_difference_that_may_be_chance_is_no_reason_to_reject()
    {
        // Two texts of printers: the exchanged model has both wrong, which a coin would do once in four times.
        var decision = Decide((Good, 7), Exchanged, holdOut: All().Where(text => text.Label == SmallClassifier.Printer).Take(2));

        decision.Promote.ShouldBeTrue();
    }

    [Fact]
    public void A_challenger_that_has_not_learned_its_feedback_is_rejected_with_the_numbers()
    {
        var wrong = All().Where(text => text.Label == SmallClassifier.Printer).Take(7)
            .Select(text => text with { Label = SmallClassifier.Holiday });
        var right = All().Where(text => text.Label == SmallClassifier.Network).Take(3);

        var decision = Decide((Good, 7), Good, feedback: [.. wrong, .. right]);

        decision.ShouldBe(new Decision(false, "Kept version 7: of 10 new feedback entries only 3 were learned"));
    }

    [Theory]
    [InlineData(8, 2, true)]
    [InlineData(7, 3, false)]
    [InlineData(10, 0, true)]
    public void Four_in_five_of_the_new_feedback_must_be_learned(int right, int wrong, bool promoted)
    {
        var network = All().Where(text => text.Label == SmallClassifier.Network).ToArray();
        var feedback = network.Take(right).Concat(
            All().Where(text => text.Label == SmallClassifier.Printer).Take(wrong).Select(text => text with { Label = SmallClassifier.Holiday }));

        var decision = Decide((Good, 7), Good, feedback: feedback);

        decision.Promote.ShouldBe(promoted);
        decision.Reason.ShouldContain($"of {right + wrong} new feedback entries");
    }

    [Fact]
    public void Without_a_hold_out_there_is_nothing_to_be_worse_at() =>
        Decide((Good, 7), Exchanged, holdOut: []).Promote.ShouldBeTrue();

    private static IEnumerable<LabelledText> All() => SmallClassifier.Examples.Select(example => new LabelledText(example.Text, example.Label));

    private static TextClassifier Train(Func<LabelledText, string> label) =>
        Trainer.Train([.. All().Select(text => text with { Label = label(text) })], new TrainingSettings()).Model;

    private static Decision Decide(
        (TextClassifier Model, int Version)? champion,
        TextClassifier challenger,
        IEnumerable<LabelledText>? holdOut = null,
        IEnumerable<LabelledText>? feedback = null)
    {
        var gathered = new GatheredExamples(0);
        gathered.HoldOut.AddRange(holdOut ?? All());
        gathered.NewFeedback.AddRange(feedback ?? []);
        return Gate.Decide(champion, challenger, EvaluationReport.Judge(challenger, gathered.HoldOut), gathered, new RetrainingOptions());
    }
}
