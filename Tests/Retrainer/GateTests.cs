using Shouldly;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Evaluation;
using TicketAspire.Contracts;
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
    public void The_first_model_is_promoted()
    {
        var decision = Decide(null, Exchanged);

        decision.Promote.ShouldBeTrue();
        decision.Reason.ShouldBe("The first model of this classifier");
        decision.Numbers.Champion.ShouldBeNull();
    }

    [Fact]
    public void What_cannot_be_read_is_replaced()
    {
        var decision = Gate.Decide(new Champion(7, null), (Exchanged, 8), [], new GatheredExamples(0), new RetrainingOptions());

        decision.Promote.ShouldBeTrue();
        decision.Reason.ShouldBe("Takes the place of version 7, which cannot be read");
    }

    [Fact]
    public void A_challenger_that_is_worse_than_the_champion_is_rejected_with_the_numbers()
    {
        var decision = Decide((Good, 7), Exchanged);

        decision.Promote.ShouldBeFalse();
        decision.Reason.ShouldBe("Kept version 7: version 8 got 24 hold-out tickets wrong that 7 had right, and 0 the other way");
        decision.Numbers.Probability.ShouldBe(Math.Pow(0.5, 24), 1e-12);
        (decision.Numbers with { Probability = 0 }).ShouldBe(
            new GateDecision { Champion = 7, HoldOut = 36, OnlyChampion = 24, OnlyChallenger = 0, Probability = 0, Promoted = false });
    }

    [Fact]
    public void A_challenger_that_is_better_is_promoted_with_the_numbers()
    {
        var decision = Decide((Exchanged, 7), Good);

        decision.Promote.ShouldBeTrue();
        decision.Reason.ShouldBe("Not worse: of 36 hold-out tickets it got 0 wrong that version 7 had right, and 24 the other way");
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

        decision.Promote.ShouldBeFalse();
        decision.Reason.ShouldStartWith("Kept version 7: version 8 learned only 3 of 10 new feedback entries");
        (decision.Numbers.NewFeedback, decision.Numbers.Learned).ShouldBe((10, 3));
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
        decision.Reason.ShouldContain($"{right} of {right + wrong} new feedback entries");
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
        var gathered = new GatheredExamples(0) { HoldOut = [.. holdOut ?? All()], NewFeedback = [.. feedback ?? []] };
        return Gate.Decide(
            new Champion(champion?.Version, champion?.Model), (challenger, 8),
            EvaluationReport.Judge(challenger, gathered.HoldOut), gathered, new RetrainingOptions());
    }
}
