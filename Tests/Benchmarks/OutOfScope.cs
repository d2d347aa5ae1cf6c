using TicketAspire.Classifier;
using TicketAspire.Classifier.Evaluation;

namespace TicketAspire.Benchmarks;

/// <summary>What the classifier does with texts that belong to none of its labels.</summary>
internal static class OutOfScope
{
    /// <summary>The precisions that thresholds are computed for.</summary>
    private static readonly double[] Targets = [0.95, 0.98, 0.99];

    public static int Run(string file, string outside)
    {
        var (train, test) = LabelledFile.Split(LabelledFile.Read(file), LabelledFile.Seed);
        var model = Trainer.Train(train, new TrainingSettings()).Model;
        var inside = EvaluationReport.Judge(model, test);
        var strangers = EvaluationReport.Judge(model, LabelledFile.Read(outside)).Select(judgement => judgement.Confidence).Order().ToArray();
        Console.WriteLine(FormattableString.Invariant(
            $"{Path.GetFileName(file)}: {inside.Count} texts that belong to a label, mean confidence {inside.Average(judgement => judgement.Confidence):F3}; {strangers.Length} that belong to none, {strangers.Average():F3}"));
        Console.WriteLine(FormattableString.Invariant(
            $"A text that belongs is surer than one that does not in {Auroc([.. inside.Select(judgement => judgement.Confidence)], strangers):P1} of the pairs"));
        Console.WriteLine("| target precision | threshold | of those that belong, routed | of those that do not, sent to a person |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var target in Targets)
        {
            var threshold = RoutingThreshold.For(inside, target);
            var review = strangers.Count(confidence => confidence < threshold.Confidence) / (double)strangers.Length;
            Console.WriteLine(FormattableString.Invariant($"| {target:P0} | {threshold.Confidence:F3} | {threshold.Coverage:P1} | {review:P1} |"));
        }

        return 0;
    }

    // The area under the ROC curve: the share of pairs in the right order, ties counting half.
    private static double Auroc(double[] inside, double[] sortedOutside) =>
        inside.Average(confidence =>
        {
            var below = LowerBound(sortedOutside, confidence);
            var same = sortedOutside.Skip(below).TakeWhile(other => other.Equals(confidence)).Count();
            return (below + (same / 2.0)) / sortedOutside.Length;
        });

    private static int LowerBound(double[] sorted, double value)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
