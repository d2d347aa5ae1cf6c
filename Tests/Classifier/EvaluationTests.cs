using Shouldly;
using TicketAspire.Classifier.Evaluation;
using Xunit;

namespace TicketAspire.Tests.Classifier;

/// <summary>Figures against those worked out by hand.</summary>
public sealed class EvaluationTests(SampleModel sample) : IClassFixture<SampleModel>
{
    [Fact]
    public void A_report_agrees_with_paper_and_pencil()
    {
        var report = EvaluationReport.Of(
        [
            new("a", "a", 0.90), new("a", "a", 0.92), new("a", "b", 0.55), new("b", "b", 0.95), new("b", "b", 0.50), new("c", "a", 0.40),
        ]);

        report.Examples.ShouldBe(6);
        report.Accuracy.ShouldBe(4 / 6.0, 1e-12);
        report.Labels.ShouldBe(
        [
            new LabelReport("a", 2 / 3.0, 2 / 3.0, 2 / 3.0, 3),
            new LabelReport("b", 2 / 3.0, 1, 0.8, 2),
            new LabelReport("c", 0, 0, 0, 1),
        ]);
        report.MacroF1.ShouldBe(((2 / 3.0) + 0.8 + 0) / 3, 1e-12);
        report.Confusion.Select(row => string.Join(' ', row)).ShouldBe(["2 1 0", "0 2 0", "1 0 0"]);

        // Bins of a fifteenth: 0.40 is alone (wrong); 0.50 (right); 0.55 (wrong); 0.90, 0.92 (right); 0.95 (right).
        report.CalibrationError.ShouldBe((0.40 + 0.50 + 0.55 + 0.10 + 0.08 + 0.05) / 6, 1e-12);
    }

    [Fact]
    public void In_a_bin_overconfidence_and_underconfidence_cancel_out()
    {
        EvaluationReport.Of([new("a", "a", 0.75), new("a", "a", 0.75), new("a", "a", 0.75), new("a", "b", 0.75)])
            .CalibrationError.ShouldBe(0, 1e-12);
        EvaluationReport.Of([new("a", "a", 1), new("a", "b", 1)]).CalibrationError.ShouldBe(0.5, 1e-12);
        EvaluationReport.Of([new("a", "b", 0)]).CalibrationError.ShouldBe(0, 1e-12);
    }

    [Fact]
    public void A_label_that_is_only_answered_is_reported_but_not_averaged()
    {
        var report = EvaluationReport.Of([new("a", "a", 0.9), new("a", "z", 0.6)]);

        report.Labels.Select(label => label.Label).ShouldBe(["a", "z"]);
        report.Labels[1].Support.ShouldBe(0);
        report.MacroF1.ShouldBe(report.Labels[0].F1);
        report.Labels[0].F1.ShouldBe(2 / 3.0, 1e-12);
    }

    [Fact]
    public void No_judgements_give_an_empty_report()
    {
        var report = EvaluationReport.Of([]);

        report.Examples.ShouldBe(0);
        report.Accuracy.ShouldBe(0);
        report.MacroF1.ShouldBe(0);
        report.CalibrationError.ShouldBe(0);
        report.Labels.ShouldBeEmpty();
        report.Confusion.ShouldBeEmpty();
    }

    [Fact]
    public void Judgements_stand_beside_their_examples()
    {
        var judgements = EvaluationReport.Judge(sample.Model, SampleTickets.Unseen);

        judgements.ShouldBe(SampleTickets.Unseen.Select(ticket =>
        {
            var confidences = new double[sample.Model.Labels.Count];
            var best = sample.Model.Predict(ticket.Text, confidences, out var unknown);
            return new Judgement(ticket.Label, sample.Model.Labels[best], confidences[best]) { UnknownWords = unknown };
        }));
        EvaluationReport.Judge(sample.Model, []).ShouldBeEmpty();
    }

    [Fact]
    public void The_threshold_is_the_lowest_confidence_that_keeps_the_precision()
    {
        // From above: 1/1, 2/2, 2/3, 3/4, 4/5, 4/6.
        var judgements = Judgements((0.9, true), (0.8, true), (0.7, false), (0.6, true), (0.5, true), (0.4, false));

        RoutingThreshold.For(judgements, 1).ShouldBe(new RoutingThreshold(0.8, 2 / 6.0, 1));
        RoutingThreshold.For(judgements, 0.8).ShouldBe(new RoutingThreshold(0.5, 5 / 6.0, 0.8));
        RoutingThreshold.For(judgements, 0.75).ShouldBe(new RoutingThreshold(0.5, 5 / 6.0, 0.8));
        RoutingThreshold.For(judgements, 0.6).ShouldBe(new RoutingThreshold(0.4, 1, 4 / 6.0));
        RoutingThreshold.For([.. judgements.Reverse()], 0.8).Confidence.ShouldBe(0.5);
    }

    [Fact]
    public void A_precision_that_is_never_reached_has_a_threshold_that_no_confidence_reaches()
    {
        var never = RoutingThreshold.For(Judgements((1, false), (0.9, true)), 0.95);

        never.ShouldBe(new RoutingThreshold(RoutingThreshold.Never, 0, 1));
        never.Confidence.ShouldBeGreaterThan(1);
        RoutingThreshold.For([], 0.95).ShouldBe(never);
    }

    [Fact]
    public void Equal_confidences_are_above_the_threshold_together_or_not_at_all()
    {
        // Whatever the order, at 0.8 there are two right of three.
        foreach (var wrong in new[] { 1, 2, 3 })
        {
            var judgements = Judgements((0.9, true), (0.8, wrong != 1), (0.8, wrong != 2), (0.8, wrong != 3));

            RoutingThreshold.For(judgements, 0.8).ShouldBe(new RoutingThreshold(0.9, 0.25, 1));
            RoutingThreshold.For(judgements, 0.75).ShouldBe(new RoutingThreshold(0.8, 1, 0.75));
        }
    }

    [Fact]
    public void A_precision_that_is_just_reached_is_reached_whatever_the_rounding()
    {
        // 0.55 * 20 is a little more than 11 in binary.
        foreach (var size in new[] { 10, 20, 25, 50, 100, 200 })
        {
            for (var right = 1; right <= size; right++)
            {
                var judgements = Enumerable.Range(0, size).Select(i => new Judgement("a", i < right ? "a" : "b", 0.5)).ToArray();
                RoutingThreshold.For(judgements, (double)right / size).Confidence.ShouldBe(0.5, $"{right} of {size}");
            }
        }
    }

    [Fact]
    public void A_given_threshold_covers_what_is_at_or_above_it()
    {
        var judgements = Judgements((0.9, true), (0.8, false), (0.7, true), (0.2, true));

        RoutingThreshold.At(judgements, 0.8).ShouldBe(new RoutingThreshold(0.8, 0.5, 0.5));
        RoutingThreshold.At(judgements, 0).ShouldBe(new RoutingThreshold(0, 1, 0.75));
        RoutingThreshold.At(judgements, 0.95).ShouldBe(new RoutingThreshold(0.95, 0, 1));
        RoutingThreshold.At([], 0.5).ShouldBe(new RoutingThreshold(0.5, 0, 1));
    }

    [Theory]
    [InlineData(0, 0, 1.0)]
    [InlineData(1, 0, 0.5)]
    [InlineData(0, 1, 1.0)]
    [InlineData(5, 0, 1 / 32.0)]
    [InlineData(10, 2, 79 / 4096.0)]
    [InlineData(3, 3, 42 / 64.0)]
    [InlineData(8, 2, 56 / 1024.0)]
    [InlineData(2, 8, 1013 / 1024.0)]
    public void McNemar_is_the_lower_tail_of_fair_coins(int onlyFirst, int onlySecond, double probability)
    {
        var result = McNemar.Compare(
            Answers(onlyFirst, onlySecond, first: true), Answers(onlyFirst, onlySecond, first: false));

        result.OnlyFirst.ShouldBe(onlyFirst);
        result.OnlySecond.ShouldBe(onlySecond);
        result.Probability.ShouldBe(probability, 1e-12);
    }

    [Fact]
    public void McNemar_bears_thousands_of_differences()
    {
        // By the normal distribution with continuity correction: (4900.5 - 5000) / 50 is -1.99, that is 0.0233.
        var worse = McNemar.Compare(Answers(5100, 4900, first: true), Answers(5100, 4900, first: false));

        worse.Probability.ShouldBe(0.0233, 0.0002);
        McNemar.Compare(Answers(9000, 100, first: true), Answers(9000, 100, first: false)).Probability.ShouldBeInRange(0, 1e-300);
        McNemar.Compare(Answers(0, 9000, first: true), Answers(0, 9000, first: false)).Probability.ShouldBe(1, 1e-9);
    }

    [Fact]
    public void McNemar_refuses_lists_of_different_length()
    {
        Should.Throw<ArgumentException>(() => McNemar.Compare(Judgements((0.5, true)), [])).ParamName.ShouldBe("second");
    }

    private static Judgement[] Judgements(params (double Confidence, bool Right)[] answers) =>
        [.. answers.Select(answer => new Judgement("a", answer.Right ? "a" : "b", answer.Confidence))];

    // Beside the differences there are three that both have right and two that both have wrong.
    private static Judgement[] Answers(int onlyFirst, int onlySecond, bool first) =>
    [
        .. Enumerable.Repeat(new Judgement("a", first ? "a" : "b", 0.5), onlyFirst),
        .. Enumerable.Repeat(new Judgement("a", first ? "b" : "a", 0.5), onlySecond),
        .. Enumerable.Repeat(new Judgement("a", "a", 0.5), 3),
        .. Enumerable.Repeat(new Judgement("a", "b", 0.5), 2),
    ];
}
