using System.Globalization;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Evaluation;
using TicketAspire.Contracts;

namespace TicketAspire.Retrainer.Runs;

/// <summary>
/// Decides whether a challenger goes into service: yes, unless it is worse than the champion on the hold-out beyond chance,
/// or has not learned the feedback that it was trained for.
/// </summary>
internal static class Gate
{
    /// <summary>Decides.</summary>
    /// <param name="champion">The model in service.</param>
    /// <param name="challenger">The new model and the version that it will be.</param>
    /// <param name="judged">The challenger's answers on the hold-out.</param>
    /// <param name="gathered">What both are measured with.</param>
    /// <param name="options">The limits.</param>
    public static Decision Decide(
        Champion champion,
        (TextModel Model, int Version) challenger,
        IReadOnlyList<Judgement> judged,
        GatheredExamples gathered,
        RetrainingOptions options)
    {
        var learned = EvaluationReport.Judge(challenger.Model, gathered.NewFeedback).Count(judgement => judgement.Right);
        var numbers = new GateDecision
        {
            Champion = champion.Version,
            HoldOut = judged.Count,
            NewFeedback = gathered.NewFeedback.Count,
            Learned = learned,
            Promoted = true,
        };
        if (champion.Model is null)
        {
            return new Decision(numbers, champion.Version is { } unreadable
                ? $"Takes the place of version {unreadable}, which cannot be read"
                : "The first model of this classifier");
        }

        var comparison = McNemar.Compare(EvaluationReport.Judge(champion.Model, gathered.HoldOut), judged);
        numbers = numbers with
        {
            OnlyChampion = comparison.OnlyFirst,
            OnlyChallenger = comparison.OnlySecond,
            Probability = comparison.Probability,
        };
        var kept = $"Kept version {champion.Version}: version {challenger.Version}";
        if (comparison.Probability < options.WorseProbability)
        {
            return new Decision(numbers with { Promoted = false }, Text(
                $"{kept} got {comparison.OnlyFirst} hold-out tickets wrong that {champion.Version} had right, and {comparison.OnlySecond} the other way"));
        }

        if (learned < options.LearnedShare * numbers.NewFeedback)
        {
            return new Decision(numbers with { Promoted = false }, Text(
                $"{kept} learned only {learned} of {numbers.NewFeedback} new feedback entries, so they contradict one another or what is known"));
        }

        var compared = Text(
            $"of {judged.Count} hold-out tickets it got {comparison.OnlyFirst} wrong that version {champion.Version} had right, and {comparison.OnlySecond} the other way");
        return new Decision(numbers, numbers.NewFeedback == 0
            ? $"Not worse: {compared}"
            : Text($"Learned {learned} of {numbers.NewFeedback} new feedback entries; {compared}"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What a challenger is compared with.</summary>
/// <param name="Version">The version in service; null for none.</param>
/// <param name="Model">The model; null if it cannot be read, or there is none.</param>
internal sealed record Champion(int? Version, TextModel? Model);

/// <summary>What the gate said.</summary>
/// <param name="Numbers">What it went by, and whether to promote.</param>
/// <param name="Reason">The same in words.</param>
internal sealed record Decision(GateDecision Numbers, string Reason)
{
    /// <summary>True to put the challenger in service.</summary>
    public bool Promote => Numbers.Promoted;
}
