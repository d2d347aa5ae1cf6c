using Microsoft.Extensions.Options;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Evaluation;
using TicketAspire.Classifier.Text;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.Runs;

/// <summary>Puts together what a run learns from and what it is measured with.</summary>
internal sealed class ExampleGathering(
    IDatasetStore datasets, IFeedbackStore feedback, ClassifierDefaults defaults, IOptions<RetrainingOptions> options)
{
    /// <summary>
    /// A label with fewer examples than this gives none to the hold-out: to learn anything of it is worth more than to
    /// measure it.
    /// </summary>
    private const int FewExamples = 10;

    /// <summary>
    /// The data set without its hold-out, and all feedback: the latest word on a text wins, also over the data set and its
    /// hold-out.
    /// </summary>
    public async Task<GatheredExamples> GatherAsync(ClassifierInfo classifier, CancellationToken cancellation)
    {
        var examples = await datasets.ReadAsync(classifier.Dataset, cancellation);
        var entries = await feedback.ReadAsync(classifier.Name, cancellation);
        var hashes = examples.AsParallel().AsOrdered().WithCancellation(cancellation)
            .Select(example => NormalizedText.Hash(example.Text)).ToArray();
        var rare = examples.GroupBy(example => example.Label, StringComparer.Ordinal)
            .Where(group => group.Count() < FewExamples).Select(group => group.Key).ToHashSet(StringComparer.Ordinal);

        var latest = new Dictionary<ulong, FeedbackEntry>();
        foreach (var entry in entries.Where(entry => Accepts(classifier, entry.Label)))
        {
            latest[NormalizedText.Hash(entry.Text)] = entry;
        }

        var gathered = new GatheredExamples(entries.Count == 0 ? 0 : entries[^1].Id);
        for (var i = 0; i < examples.Count; i++)
        {
            var example = new LabelledText(examples[i].Text, examples[i].Label);
            if (!latest.ContainsKey(hashes[i]))
            {
                (HoldOut.Contains(hashes[i]) && !rare.Contains(example.Label) ? gathered.HoldOut : gathered.Training).Add(example);
            }
        }

        foreach (var entry in latest.Values.OrderBy(entry => entry.Id))
        {
            var importance = entry.Agreed ? 1 : options.Value.CorrectionImportance;
            var example = new LabelledText(entry.Text, entry.Label, importance);
            gathered.Training.Add(example);
            if (entry.Id > classifier.FeedbackSeen)
            {
                gathered.NewFeedback.Add(example);
            }
        }

        return gathered;
    }

    /// <summary>The id of the classifier's latest feedback entry, or null.</summary>
    public async Task<long?> LatestFeedbackAsync(ClassifierInfo classifier, CancellationToken cancellation)
    {
        var newest = await feedback.ListAsync(classifier.Name, before: null, limit: 1, cancellation);
        return newest.Items.Count == 0 ? null : newest.Items[0].Id;
    }

    // A data set that was replaced may not have labels any more that feedback once gave.
    private bool Accepts(ClassifierInfo classifier, string label) =>
        defaults.AllowNewLabels(classifier) || classifier.Labels.Contains(label, StringComparer.Ordinal);
}

/// <summary>What a run works with.</summary>
/// <param name="FeedbackMark">The id of the last feedback entry that was read; 0 when there is none.</param>
internal sealed record GatheredExamples(long FeedbackMark)
{
    /// <summary>What to learn from.</summary>
    public List<LabelledText> Training { get; } = [];

    /// <summary>What to measure with; no model has seen it.</summary>
    public List<LabelledText> HoldOut { get; } = [];

    /// <summary>The part of <see cref="Training"/> that is feedback which no model has seen before.</summary>
    public List<LabelledText> NewFeedback { get; } = [];
}
