namespace TicketAspire.Classifier.Evaluation;

/// <summary>How good a model's answers are.</summary>
public sealed record EvaluationReport
{
    private const int CalibrationBins = 15;

    /// <summary>How many answers were judged.</summary>
    public required int Examples { get; init; }

    /// <summary>The share of right answers, 0 to 1; 0 where there are none.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The mean of the classes' F1 over the classes that occur, 0 to 1.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>
    /// Expected calibration error: the mean distance between confidence and share of right answers over 15 equal bins,
    /// weighted by their size (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017).
    /// </summary>
    public required double CalibrationError { get; init; }

    /// <summary>Figures for each label that occurs as truth or answer, sorted.</summary>
    public required IReadOnlyList<LabelReport> Labels { get; init; }

    /// <summary><c>Confusion[i][j]</c>: examples of the i-th label that were answered with the j-th.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Confusion { get; init; }

    /// <summary>Judges a model on examples that it has not seen.</summary>
    public static IReadOnlyList<Judgement> Judge(TextModel model, IReadOnlyList<LabelledText> examples)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(examples);
        var judgements = new Judgement[examples.Count];
        Parallel.For(0, examples.Count, i =>
        {
            Span<double> confidences = model.Labels.Count <= 256 ? stackalloc double[model.Labels.Count] : new double[model.Labels.Count];
            var best = model.Predict(examples[i].Text, confidences, out var unknown);
            judgements[i] = new Judgement(examples[i].Label, model.Labels[best], confidences[best]) { UnknownWords = unknown };
        });
        return judgements;
    }

    /// <summary>Sums judgements up.</summary>
    public static EvaluationReport Of(IReadOnlyList<Judgement> judgements)
    {
        ArgumentNullException.ThrowIfNull(judgements);
        var labels = judgements.SelectMany(judgement => new[] { judgement.Label, judgement.Predicted })
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var numbers = labels.Select((label, number) => (label, number)).ToDictionary(pair => pair.label, pair => pair.number, StringComparer.Ordinal);
        var confusion = labels.Select(_ => new int[labels.Length]).ToArray();
        foreach (var judgement in judgements)
        {
            confusion[numbers[judgement.Label]][numbers[judgement.Predicted]]++;
        }

        var reports = labels.Select((label, i) => LabelReport.Of(label, i, confusion)).ToArray();
        var occurring = reports.Where(report => report.Support > 0).ToArray();
        return new EvaluationReport
        {
            Examples = judgements.Count,
            Accuracy = judgements.Count == 0 ? 0 : judgements.Count(judgement => judgement.Right) / (double)judgements.Count,
            MacroF1 = occurring.Length == 0 ? 0 : occurring.Average(report => report.F1),
            CalibrationError = ExpectedCalibrationError(judgements),
            Labels = reports,
            Confusion = confusion,
        };
    }

    private static double ExpectedCalibrationError(IReadOnlyList<Judgement> judgements) =>
        judgements
            .GroupBy(judgement => Math.Min(CalibrationBins - 1, (int)(judgement.Confidence * CalibrationBins)))
            .Sum(bin => Math.Abs(bin.Sum(judgement => judgement.Confidence - (judgement.Right ? 1 : 0))))
        / Math.Max(1, judgements.Count);
}

/// <summary>How good the answers are for one label.</summary>
/// <param name="Label">The label.</param>
/// <param name="Precision">Of the answers with this label, the share that was right; 0 where there are none.</param>
/// <param name="Recall">Of the examples with this label, the share that was found; 0 where there are none.</param>
/// <param name="F1">The harmonic mean of both; 0 where both are.</param>
/// <param name="Support">Examples with this label.</param>
public sealed record LabelReport(string Label, double Precision, double Recall, double F1, int Support)
{
    internal static LabelReport Of(string label, int number, int[][] confusion)
    {
        var hits = (double)confusion[number][number];
        var support = confusion[number].Sum();
        var answers = confusion.Sum(row => row[number]);
        var precision = answers == 0 ? 0 : hits / answers;
        var recall = support == 0 ? 0 : hits / support;
        var f1 = hits == 0 ? 0 : 2 * precision * recall / (precision + recall);
        return new LabelReport(label, precision, recall, f1, support);
    }
}
