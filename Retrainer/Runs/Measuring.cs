using TicketAspire.Classifier.Evaluation;
using TicketAspire.Contracts;

namespace TicketAspire.Retrainer.Runs;

/// <summary>A model's figures, as they are stored with it.</summary>
internal static class Measuring
{
    /// <summary>With fewer hold-out texts than this, out-of-fold answers join in: else the figures would be chance.</summary>
    private const int EnoughExamples = 500;

    /// <summary>Sums up the answers on the hold-out.</summary>
    /// <param name="outOfFold">For each example of the training, what models that had not seen it answered.</param>
    /// <param name="judged">The model's answers on the hold-out.</param>
    /// <param name="targetPrecision">The precision that automatically routed tickets should have.</param>
    /// <param name="leastThreshold">The threshold is not lower than this, whatever the precision.</param>
    public static ModelMetrics Of(
        IReadOnlyList<Judgement> outOfFold, IReadOnlyList<Judgement> judged, double targetPrecision, double leastThreshold)
    {
        var judgements = judged.Count >= EnoughExamples ? judged : [.. judged, .. outOfFold];
        var report = EvaluationReport.Of(judgements);
        var threshold = RoutingThreshold.For(judgements, targetPrecision);
        threshold = threshold.Confidence < leastThreshold ? RoutingThreshold.At(judgements, leastThreshold) : threshold;
        return new ModelMetrics
        {
            Examples = report.Examples,
            Accuracy = report.Accuracy,
            MacroF1 = report.MacroF1,
            CalibrationError = report.CalibrationError,
            Threshold = threshold.Confidence,
            TargetPrecision = targetPrecision,
            Coverage = threshold.Coverage,
            Precision = threshold.Precision,
            Classes = [.. report.Labels.Select(label =>
                new ClassMetrics(label.Label, label.Precision, label.Recall, label.F1, label.Support))],
            Confusion = report.Confusion,
            Baseline = Baselines.Of(judgements),
        };
    }
}
