using System.Globalization;
using TicketAspire.Classifier.Evaluation;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Telemetry.Rollups;

namespace TicketAspire.Retrainer.Drift;

/// <summary>Compares what came in with what the champion was measured on.</summary>
internal static class DriftComparison
{
    /// <summary>Worth an eye from this part of the threshold on: the rule of thumb's 0.1 to 0.25.</summary>
    private const double ShiftingPart = 0.4;

    /// <summary>Agreement that is so far below the accuracy has drifted, if it is more than chance.</summary>
    private const double AgreementGap = 0.1;

    /// <summary>The normal distribution's quantile of 0.999.</summary>
    private const double Sigmas = 3.0902;

    /// <summary>So many twentieths make one part: ten parts are what the index's rules of thumb are for.</summary>
    private const int Twentieths = 2;

    /// <summary>Compares.</summary>
    /// <param name="champion">The model.</param>
    /// <param name="rollups">What was measured since <paramref name="from"/>, of all classifiers.</param>
    /// <param name="from">Since when.</param>
    /// <param name="now">The time.</param>
    /// <param name="options">The limits.</param>
    public static DriftReport Of(ModelInfo champion, IReadOnlyList<Rollup> rollups, DateTimeOffset from, DateTimeOffset now, DriftOptions options)
    {
        var version = champion.Version.ToString(CultureInfo.InvariantCulture);
        // The last tag of these is the model.
        Rollup[] Answers(RollupSeries series) =>
            [.. rollups.Where(rollup => rollup.Series == series.Name && rollup.Tags[0] == champion.Classifier && rollup.Tags[^1] == version)];

        var categories = Answers(RollupSeries.Predictions).GroupBy(rollup => rollup.Tags[1], StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(rollup => rollup.Count), StringComparer.Ordinal);
        var agreement = Agreement(champion, rollups, options);
        var baseline = champion.Metrics.Baseline;
        DriftMeasure[] measures =
        [
            Measure(DriftMeasures.Category, Categories(baseline, categories), options),
            Measure(DriftMeasures.Confidence, Parts(baseline?.Confidences, Answers(RollupSeries.Confidences)), options),
            Measure(DriftMeasures.UnknownWords, Parts(baseline?.UnknownWords, Answers(RollupSeries.UnknownWords)), options),
            agreement.Measure,
        ];
        return new DriftReport
        {
            Classifier = champion.Classifier,
            Model = champion.Version,
            At = now,
            From = from,
            State = measures.Max(measure => measure.State),
            Threshold = options.Threshold,
            Predictions = categories.Values.Sum(),
            Least = options.Least,
            Feedback = agreement.Entries,
            Measures = measures,
        };
    }

    private static DriftMeasure Measure(string name, List<Part>? parts, DriftOptions options)
    {
        if (parts is null || parts.Sum(part => part.Expected) == 0)
        {
            return new DriftMeasure { Name = name, State = DriftState.NoBaseline };
        }

        var count = parts.Sum(part => part.Actual);
        var shares = Shares(parts);
        if (count < options.Least)
        {
            return new DriftMeasure { Name = name, State = DriftState.TooFew, Shares = shares };
        }

        var stability = PopulationStability.Of([.. parts.Select(part => part.Expected)], [.. parts.Select(part => part.Actual)]);
        var limit = Math.Max(options.Threshold, stability.Chance);
        return new DriftMeasure
        {
            Name = name,
            State = State(stability.Index, limit, Math.Max(options.Threshold * ShiftingPart, stability.Chance)),
            Value = stability.Index,
            Limit = limit,
            Shares = shares,
        };
    }

    private static (DriftMeasure Measure, long Entries) Agreement(ModelInfo champion, IReadOnlyList<Rollup> rollups, DriftOptions options)
    {
        // Feedback does not say which model it is about: what came before this one served was about another.
        var feedback = rollups.Where(rollup => rollup.Series == RollupSeries.Feedback.Name
            && rollup.Tags[0] == champion.Classifier && rollup.At >= (champion.PromotedAt ?? champion.CreatedAt)).ToArray();
        var entries = feedback.Sum(rollup => rollup.Count);
        var agreed = feedback.Where(rollup => rollup.Tags[1] == "true").Sum(rollup => rollup.Count);
        if (entries < options.LeastFeedback)
        {
            return (new DriftMeasure { Name = DriftMeasures.Agreement, State = DriftState.TooFew }, entries);
        }

        var (accuracy, share) = (champion.Metrics.Accuracy, (double)agreed / entries);
        var chance = Sigmas * Math.Sqrt(accuracy * (1 - accuracy) / entries);
        var limit = Math.Max(AgreementGap, chance);
        return (new DriftMeasure
        {
            Name = DriftMeasures.Agreement,
            State = State(accuracy - share, limit, Math.Max(AgreementGap * ShiftingPart, chance)),
            Value = accuracy - share,
            Limit = limit,
            Shares = [new DriftShare("agreed", accuracy, share)],
        }, entries);
    }

    private static DriftState State(double value, double limit, double shifting) =>
        value >= limit ? DriftState.Drifted : value >= shifting ? DriftState.Shifting : DriftState.Stable;

    private static List<Part>? Categories(DriftBaseline? baseline, Dictionary<string, long> categories) => baseline is null ? null :
    [
        .. baseline.Categories.Keys.Union(categories.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(label => new Part(label, baseline.Categories.GetValueOrDefault(label), categories.GetValueOrDefault(label))),
    ];

    private static List<Part>? Parts(IReadOnlyList<int>? baseline, Rollup[] rollups)
    {
        var buckets = RollupBuckets.Fractions;
        if (baseline is null || baseline.Count != buckets.Count)
        {
            return null;
        }

        var parts = new List<Part>();
        for (var first = 0; first < buckets.Count; first += Twentieths)
        {
            var (expected, actual) = (0L, 0L);
            for (var bucket = first; bucket < first + Twentieths; bucket++)
            {
                expected += baseline[bucket];
                actual += rollups.Sum(rollup => rollup.Buckets.GetValueOrDefault(bucket));
            }

            parts.Add(new Part(
                string.Create(CultureInfo.InvariantCulture, $"{buckets.Lower(first):0.0}–{buckets.Upper(first + Twentieths - 1):0.0}"), expected, actual));
        }

        return parts;
    }

    private static DriftShare[] Shares(List<Part> parts)
    {
        var (expected, actual) = (Math.Max(1.0, parts.Sum(part => part.Expected)), Math.Max(1.0, parts.Sum(part => part.Actual)));
        return [.. parts.Select(part => new DriftShare(part.Label, part.Expected / expected, part.Actual / actual))];
    }

    private sealed record Part(string Label, long Expected, long Actual);
}
