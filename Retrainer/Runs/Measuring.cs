using TicketAspire.Classifier;
using TicketAspire.Classifier.Evaluation;
using TicketAspire.Contracts;

namespace TicketAspire.Retrainer.Runs;

/// <summary>A model's figures, as they are stored with it.</summary>
internal static class Measuring
{
    /// <summary>With fewer hold-out texts than this, out-of-fold answers join in: else the figures would be chance.</summary>
    private const int EnoughExamples = 500;

    /// <summary>
    /// No ticket is routed by an answer that is more likely wrong than right, even where so few answers are wrong that the
    /// target precision would allow it: what belongs to no category would go there, too.
    /// </summary>
    private const double LeastThreshold = 0.5;

    /// <summary>Sums up the answers on the hold-out.</summary>
    public static ModelMetrics Of(TrainedClassifier trained, IReadOnlyList<Judgement> judged, double targetPrecision)
    {
        var judgements = judged.Count >= EnoughExamples ? judged : [.. judged, .. trained.OutOfFold];
        var report = EvaluationReport.Of(judgements);
        var threshold = RoutingThreshold.For(judgements, targetPrecision);
        threshold = threshold.Confidence < LeastThreshold ? RoutingThreshold.At(judgements, LeastThreshold) : threshold;
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
        };
    }
}
