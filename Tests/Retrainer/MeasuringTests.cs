using Shouldly;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Evaluation;
using TicketAspire.Retrainer.Runs;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Retrainer;

/// <summary>The figures that a model is stored with.</summary>
public sealed class MeasuringTests
{
    private static readonly TrainedClassifier Trained = Trainer.Train(
        [.. SmallClassifier.Examples.Select(example => new LabelledText(example.Text, example.Label))], new TrainingSettings());

    [Fact]
    public void A_threshold_is_not_lower_than_the_least_however_precise_the_answers()
    {
        var judged = Enumerable.Range(0, 600).Select(i => new Judgement("a", "a", i < 150 ? 0.2 : 0.9)).ToArray();

        var free = Measuring.Of(Trained.OutOfFold, judged, targetPrecision: 0.95, leastThreshold: 0);
        var bound = Measuring.Of(Trained.OutOfFold, judged, targetPrecision: 0.95, leastThreshold: 0.5);

        free.Threshold.ShouldBe(0.2);
        free.Coverage.ShouldBe(1);
        bound.Threshold.ShouldBe(0.5);
        bound.Coverage.ShouldBe(0.75);
        bound.Precision.ShouldBe(1);
    }

    [Fact]
    public void A_small_hold_out_is_measured_together_with_the_out_of_fold_answers_and_a_large_one_alone()
    {
        var few = Enumerable.Repeat(new Judgement("a", "a", 0.9), 20).ToArray();
        var many = Enumerable.Repeat(new Judgement("a", "a", 0.9), 500).ToArray();

        Measuring.Of(Trained.OutOfFold, few, 0.95, 0.5).Examples.ShouldBe(20 + SmallClassifier.Examples.Count);
        Measuring.Of(Trained.OutOfFold, many, 0.95, 0.5).Examples.ShouldBe(500);
    }
}
