using TicketAspire.Classifier;
using TicketAspire.Classifier.Engines;
using TicketAspire.Classifier.Evaluation;
using TicketAspire.Contracts;
using TicketAspire.Retrainer.Runs;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.Comparisons;

/// <summary>Asks two versions the same: the hold-out as it is now, and feedback that neither was trained with.</summary>
internal sealed class ModelComparing(IModelStore models, ExampleGathering gathering, EngineCatalog engines)
{
    private const int Digits = 4;

    /// <summary>Compares them.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="first">The first version.</param>
    /// <param name="second">The second version.</param>
    /// <param name="listed">How many differing tickets to list at most.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidDataException">A model's file is damaged or of another format.</exception>
    /// <exception cref="KeyNotFoundException">A model's file is gone.</exception>
    public async Task<ModelComparison> CompareAsync(
        ClassifierInfo classifier, ModelInfo first, ModelInfo second, int listed, CancellationToken cancellation)
    {
        var seen = Math.Max(first.Lineage.FeedbackMark, second.Lineage.FeedbackMark);
        var gathered = await gathering.GatherAsync(
            classifier with { FeedbackSeen = seen, SetAside = null }, FeedbackRanges.None, cancellation);
        var one = await ReadAsync(first, cancellation);
        var other = await ReadAsync(second, cancellation);
        return await Task.Run(() => Compare(first, one, second, other, gathered, listed), cancellation);
    }

    private async Task<TextModel> ReadAsync(ModelInfo model, CancellationToken cancellation) =>
        engines.Read(await models.ReadAsync(model.Classifier, model.Version, cancellation));

    private static ModelComparison Compare(
        ModelInfo first, TextModel one, ModelInfo second, TextModel other, GatheredExamples gathered, int listed)
    {
        var ones = EvaluationReport.Judge(one, gathered.HoldOut);
        var others = EvaluationReport.Judge(other, gathered.HoldOut);
        var (report, otherReport) = (EvaluationReport.Of(ones), EvaluationReport.Of(others));
        var test = McNemar.Compare(ones, others);
        var differing = Enumerable.Range(0, ones.Count).Where(i => ones[i].Predicted != others[i].Predicted).ToArray();
        return new ModelComparison
        {
            Classifier = first.Classifier,
            First = first.Version,
            Second = second.Version,
            HoldOut = ones.Count,
            FirstAccuracy = report.Accuracy,
            SecondAccuracy = otherReport.Accuracy,
            OnlyFirst = test.OnlyFirst,
            OnlySecond = test.OnlySecond,
            Probability = test.TwoSided,
            Classes = Classes(report, otherReport),
            Unseen = new UnseenFeedback(
                gathered.NewFeedback.Count, Right(one, gathered.NewFeedback), Right(other, gathered.NewFeedback)),
            Differing = differing.Length,
            Tickets =
            [
                .. differing.OrderBy(i => ones[i].Right || others[i].Right ? 0 : 1).Take(listed).Select(i => new DifferingTicket(
                    gathered.HoldOut[i].Text, ones[i].Label,
                    ones[i].Predicted, Math.Round(ones[i].Confidence, Digits),
                    others[i].Predicted, Math.Round(others[i].Confidence, Digits)))
            ],
        };
    }

    private static int Right(TextModel model, IReadOnlyList<LabelledText> texts) =>
        EvaluationReport.Judge(model, texts).Count(judgement => judgement.Right);

    private static ClassChange[] Classes(EvaluationReport first, EvaluationReport second)
    {
        var (ones, others) = (ByLabel(first), ByLabel(second));
        return [.. ones.Keys.Union(others.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(label =>
        {
            var (one, other) = (ones.GetValueOrDefault(label), others.GetValueOrDefault(label));
            return new ClassChange(
                label, one?.Support ?? other!.Support, one?.F1 ?? 0, other?.F1 ?? 0, Found(one), Found(other));
        })];
    }

    private static Dictionary<string, LabelReport> ByLabel(EvaluationReport report) =>
        report.Labels.ToDictionary(label => label.Label, StringComparer.Ordinal);

    private static int Found(LabelReport? label) => label is null ? 0 : (int)Math.Round(label.Recall * label.Support);
}
