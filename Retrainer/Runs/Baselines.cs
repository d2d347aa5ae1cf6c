using TicketAspire.Classifier.Evaluation;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Telemetry.Rollups;

namespace TicketAspire.Retrainer.Runs;

/// <summary>What is kept of a model's answers for comparison with those to come: in the same buckets as these are counted in.</summary>
internal static class Baselines
{
    /// <summary>Counts the answers that the model's figures are from.</summary>
    public static DriftBaseline Of(IReadOnlyList<Judgement> judgements)
    {
        var buckets = RollupBuckets.Fractions;
        var (confidences, unknown) = (new int[buckets.Count], new int[buckets.Count]);
        foreach (var judgement in judgements)
        {
            confidences[buckets.Of(judgement.Confidence)]++;
            unknown[buckets.Of(judgement.UnknownWords)]++;
        }

        return new DriftBaseline
        {
            Categories = judgements.CountBy(judgement => judgement.Predicted)
                .OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal),
            Confidences = confidences,
            UnknownWords = unknown,
        };
    }
}
