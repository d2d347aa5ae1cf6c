using System.Globalization;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Evaluation;

namespace TicketAspire.Retrainer.Runs;

/// <summary>
/// Decides whether a challenger goes into service: yes, unless it is worse than the champion on the hold-out beyond chance,
/// or has not learned the feedback that it was trained for.
/// </summary>
internal static class Gate
{
    /// <summary>Decides.</summary>
    /// <param name="champion">The model in service and its version; null for the first.</param>
    /// <param name="challenger">The new model.</param>
    /// <param name="judged">The challenger's answers on the hold-out.</param>
    /// <param name="gathered">What both are measured with.</param>
    /// <param name="options">The limits.</param>
    public static Decision Decide(
        (TextClassifier Model, int Version)? champion,
        TextClassifier challenger,
        IReadOnlyList<Judgement> judged,
        GatheredExamples gathered,
        RetrainingOptions options)
    {
        if (champion is not { } present)
        {
            return new Decision(true, "The first model of this classifier");
        }

        var comparison = McNemar.Compare(EvaluationReport.Judge(present.Model, gathered.HoldOut), judged);
        var numbers = string.Create(
            CultureInfo.InvariantCulture,
            $"of {judged.Count} hold-out texts it got {comparison.OnlyFirst} wrong that version {present.Version} had right, and {comparison.OnlySecond} the other way");
        if (comparison.Probability < options.WorseProbability)
        {
            return new Decision(false, $"Kept version {present.Version}: {numbers}");
        }

        var learned = EvaluationReport.Judge(challenger, gathered.NewFeedback).Count(judgement => judgement.Right);
        var asked = gathered.NewFeedback.Count;
        return learned < options.LearnedShare * asked
            ? new Decision(false, $"Kept version {present.Version}: of {asked} new feedback entries only {learned} were learned")
            : new Decision(true, asked == 0 ? $"Not worse: {numbers}" : $"Learned {learned} of {asked} new feedback entries; {numbers}");
    }
}

/// <summary>What the gate said.</summary>
/// <param name="Promote">True to put the challenger in service.</param>
/// <param name="Reason">Why, with the numbers, in words.</param>
internal sealed record Decision(bool Promote, string Reason);
