using System.Globalization;
using TicketAspire.Classifier.Evaluation;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Telemetry.Rollups;

namespace TicketAspire.Retrainer.Drift;

/// <summary>
/// Compares what came in with what the models that answered were measured on: all that was answered, whichever version did, each
/// beside its own baseline. So another champion, be it that it is surer or knows other categories, is not taken for drift.
/// </summary>
internal static class DriftComparison
{
    /// <summary>Worth an eye from this part of the threshold on: the rule of thumb's 0.1 to 0.25.</summary>
    private const double ShiftingPart = 0.4;

    /// <summary>Agreement that is so far below the confidences has drifted, if it is more than chance.</summary>
    private const double AgreementGap = 0.1;

    /// <summary>The normal distribution's quantile of 0.999.</summary>
    private const double Sigmas = 3.0902;

    /// <summary>So many twentieths make one part: ten parts are what the index's rules of thumb are for.</summary>
    private const int Twentieths = 2;

    /// <summary>What is looked at. The first tag of each is the classifier, the last the version that answered.</summary>
    public static IReadOnlyList<string> Series { get; } =
    [
        RollupSeries.Predictions.Name, RollupSeries.Confidences.Name, RollupSeries.UnknownWords.Name, RollupSeries.JudgedConfidences.Name,
    ];

    /// <summary>The versions of a classifier that answered.</summary>
    public static IEnumerable<int> Versions(string classifier, IReadOnlyList<Rollup> rollups) =>
        rollups.Where(rollup => Series.Contains(rollup.Series) && rollup.Tags[0] == classifier).Select(rollup => rollup.Tags[^1]).Distinct()
            .Select(version => int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (int?)null)
            .OfType<int>();

    /// <summary>Compares.</summary>
    /// <param name="champion">The model that serves.</param>
    /// <param name="baselines">What other versions were measured on; the champion's stands for one that is absent.</param>
    /// <param name="rollups">What was measured since <paramref name="from"/>, of all classifiers.</param>
    /// <param name="from">Since when.</param>
    /// <param name="now">The time.</param>
    /// <param name="options">The limits.</param>
    public static DriftReport Of(
        ModelInfo champion, IReadOnlyDictionary<int, DriftBaseline> baselines, IReadOnlyList<Rollup> rollups,
        DateTimeOffset from, DateTimeOffset now, DriftOptions options)
    {
        Rollup[] answered = [.. rollups.Where(rollup => rollup.Tags[0] == champion.Classifier)];
        var version = Tag(champion.Version);
        var measures = Measures(champion, baselines, answered, options);
        return new DriftReport
        {
            Classifier = champion.Classifier,
            Model = champion.Version,
            At = now,
            From = from,
            State = Worst(measures),
            Own = Worst(Measures(champion, baselines, [.. answered.Where(rollup => rollup.Tags[^1] == version)], options)),
            Threshold = options.Threshold,
            Predictions = answered.Where(rollup => rollup.Series == RollupSeries.Predictions.Name).Sum(rollup => rollup.Count),
            Least = options.Least,
            Feedback = Judged(answered).Sum(rollup => rollup.Count),
            Measures = measures,
        };
    }

    private static DriftMeasure[] Measures(
        ModelInfo champion, IReadOnlyDictionary<int, DriftBaseline> baselines, Rollup[] answered, DriftOptions options)
    {
        // The champion first: it is told what is expected before anything has come in.
        var versions = Versions(champion.Classifier, answered).Prepend(champion.Version).Distinct()
            .Select(version => (
                Baseline: version == champion.Version ? champion.Metrics.Baseline : baselines.GetValueOrDefault(version) ?? champion.Metrics.Baseline,
                Rollups: answered.Where(rollup => rollup.Tags[^1] == Tag(version)).ToArray()))
            .Where(one => one.Baseline is not null).ToArray();

        return
        [
            Of(DriftMeasures.Category, RollupSeries.Predictions, baseline => baseline.Categories, rollup => [(rollup.Tags[1], rollup.Count)]),
            Of(DriftMeasures.Confidence, RollupSeries.Confidences, baseline => Parts(baseline.Confidences), Parts),
            Of(DriftMeasures.UnknownWords, RollupSeries.UnknownWords, baseline => Parts(baseline.UnknownWords), Parts),
            Agreement(Judged(answered), options),
        ];

        DriftMeasure Of(
            string name, RollupSeries series, Func<DriftBaseline, IReadOnlyDictionary<string, int>> expected,
            Func<Rollup, IEnumerable<(string Part, long Count)>> actual) =>
            Measure(
                name,
                [
                    .. versions.Select(one => new Answers(
                        expected(one.Baseline!),
                        one.Rollups.Where(rollup => rollup.Series == series.Name).SelectMany(actual)
                            .GroupBy(part => part.Part, part => part.Count, StringComparer.Ordinal)
                            .ToDictionary(part => part.Key, part => part.Sum(), StringComparer.Ordinal))),
                ],
                options);
    }

    private static DriftMeasure Measure(string name, IReadOnlyList<Answers> versions, DriftOptions options)
    {
        Answers[] known = [.. versions.Where(version => version.Cases > 0)];
        if (known.Length == 0)
        {
            return new DriftMeasure { Name = name, State = DriftState.NoBaseline };
        }

        var count = known.Sum(version => version.Count);
        // Each by how much it answered.
        (Answers Of, double Weight)[] weighted = count == 0 ? [(known[0], 1)] : [.. known.Select(version => (version, (double)version.Count / count))];
        (string Label, double Expected, long Actual)[] parts =
        [
            .. known.SelectMany(version => version.Expected.Keys.Concat(version.Actual.Keys)).Distinct().Order(StringComparer.Ordinal).Select(label => (
                label,
                weighted.Sum(one => one.Weight * one.Of.Expected.GetValueOrDefault(label) / one.Of.Cases),
                known.Sum(version => version.Actual.GetValueOrDefault(label)))),
        ];
        DriftShare[] shares = [.. parts.Select(part => new DriftShare(part.Label, part.Expected, part.Actual / Math.Max(1.0, count)))];
        if (count < options.Least)
        {
            return new DriftMeasure { Name = name, State = DriftState.TooFew, Shares = shares };
        }

        // As many cases as a single baseline would need to vary no less: the weighted harmonic mean, if the baselines vary together.
        var cases = 1 / weighted.Sum(one => one.Weight / one.Of.Cases);
        var stability = PopulationStability.Of(
            [.. parts.Select(part => (long)Math.Round(part.Expected * cases))], [.. parts.Select(part => part.Actual)]);
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

    /// <summary>
    /// People mostly judge what the model was not sure of: so the agreement is not held against the accuracy over all tickets but
    /// against the mean of the calibrated confidences of exactly those answers, which is how often they should have been right.
    /// </summary>
    private static DriftMeasure Agreement(Rollup[] judged, DriftOptions options)
    {
        var entries = judged.Sum(rollup => rollup.Count);
        if (entries < options.LeastFeedback)
        {
            return new DriftMeasure { Name = DriftMeasures.Agreement, State = DriftState.TooFew };
        }

        var expected = Math.Min(1, judged.Sum(rollup => rollup.Sum) / entries);
        var share = (double)judged.Where(rollup => rollup.Tags[1] == "true").Sum(rollup => rollup.Count) / entries;
        // Answers of different confidences vary less than if all had their mean: this is on the safe side.
        var chance = Sigmas * Math.Sqrt(expected * (1 - expected) / entries);
        var limit = Math.Max(AgreementGap, chance);
        return new DriftMeasure
        {
            Name = DriftMeasures.Agreement,
            State = State(expected - share, limit, Math.Max(AgreementGap * ShiftingPart, chance)),
            Value = expected - share,
            Limit = limit,
            Shares = [new DriftShare("agreed", expected, share)],
        };
    }

    private static Rollup[] Judged(Rollup[] answered) => [.. answered.Where(rollup => rollup.Series == RollupSeries.JudgedConfidences.Name)];

    private static DriftState State(double value, double limit, double shifting) =>
        value >= limit ? DriftState.Drifted : value >= shifting ? DriftState.Shifting : DriftState.Stable;

    private static DriftState Worst(IEnumerable<DriftMeasure> measures) => measures.Max(measure => measure.State);

    private static Dictionary<string, int> Parts(IReadOnlyList<int> baseline) => baseline.Count != RollupBuckets.Fractions.Count
        ? []
        : Enumerable.Range(0, baseline.Count).GroupBy(Part, bucket => baseline[bucket]).ToDictionary(part => part.Key, part => part.Sum(), StringComparer.Ordinal);

    private static IEnumerable<(string Part, long Count)> Parts(Rollup rollup) => rollup.Buckets.Select(bucket => (Part(bucket.Key), bucket.Value));

    private static string Part(int bucket)
    {
        var first = bucket - (bucket % Twentieths);
        var buckets = RollupBuckets.Fractions;
        return string.Create(CultureInfo.InvariantCulture, $"{buckets.Lower(first):0.0}–{buckets.Upper(first + Twentieths - 1):0.0}");
    }

    private static string Tag(int version) => version.ToString(CultureInfo.InvariantCulture);

    /// <summary>What a version answered where it was measured and since, by part.</summary>
    private sealed record Answers(IReadOnlyDictionary<string, int> Expected, IReadOnlyDictionary<string, long> Actual)
    {
        /// <summary>On how many it was measured.</summary>
        public long Cases { get; } = Expected.Values.Sum(count => (long)count);

        /// <summary>How many it answered since.</summary>
        public long Count { get; } = Actual.Values.Sum();
    }
}
