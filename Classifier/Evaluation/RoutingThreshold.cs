namespace TicketAspire.Classifier.Evaluation;

/// <summary>From which confidence on answers may stand without a person.</summary>
/// <param name="Confidence">The lowest confidence at which the precision is reached; above 1 if it is never reached.</param>
/// <param name="Coverage">The share of examples at or above it.</param>
/// <param name="Precision">The share of right answers among those; 1 where there are none.</param>
public readonly record struct RoutingThreshold(double Confidence, double Coverage, double Precision)
{
    /// <summary>What <see cref="Confidence"/> is when no confidence is high enough: none reaches it.</summary>
    public const double Never = 1.01;

    /// <summary>
    /// The lowest confidence such that the answers with at least that confidence are right in at least
    /// <paramref name="precision"/> of the cases.
    /// </summary>
    public static RoutingThreshold For(IReadOnlyList<Judgement> judgements, double precision)
    {
        ArgumentNullException.ThrowIfNull(judgements);
        var sorted = judgements.OrderByDescending(judgement => judgement.Confidence).ToArray();
        var best = new RoutingThreshold(Never, 0, 1);
        var right = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            right += sorted[i].Right ? 1 : 0;
            var last = i + 1 == sorted.Length || sorted[i + 1].Confidence < sorted[i].Confidence;
            if (last && right / (i + 1.0) >= precision)
            {
                best = new RoutingThreshold(sorted[i].Confidence, (i + 1.0) / sorted.Length, right / (i + 1.0));
            }
        }

        return best;
    }

    /// <summary>How a given confidence does as the threshold.</summary>
    public static RoutingThreshold At(IReadOnlyList<Judgement> judgements, double confidence)
    {
        ArgumentNullException.ThrowIfNull(judgements);
        var routed = judgements.Where(judgement => judgement.Confidence >= confidence).ToArray();
        return new RoutingThreshold(
            confidence,
            judgements.Count == 0 ? 0 : routed.Length / (double)judgements.Count,
            routed.Length == 0 ? 1 : routed.Count(judgement => judgement.Right) / (double)routed.Length);
    }
}
