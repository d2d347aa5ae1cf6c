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
    /// The data set without its hold-out, and the feedback, of very much the newest: the latest word on a text wins, also over
    /// the data set and its hold-out.
    /// </summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="without">Feedback to go without, as if it had not been given.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<GatheredExamples> GatherAsync(ClassifierInfo classifier, FeedbackRanges without, CancellationToken cancellation)
    {
        var examples = await datasets.ReadAsync(classifier.Dataset, cancellation);
        var entries = await NewestAsync(classifier.Name, cancellation);
        var hashes = examples.AsParallel().AsOrdered().WithCancellation(cancellation)
            .Select(example => NormalizedText.Hash(example.Text)).ToArray();
        var rare = examples.GroupBy(example => example.Label, StringComparer.Ordinal)
            .Where(group => group.Count() < FewExamples).Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
        var dataset = examples
            .Select((example, i) => new DatasetText(hashes[i], new LabelledText(example.Text, example.Label), HoldOut.Contains(hashes[i]) && !rare.Contains(example.Label)))
            .ToArray();
        var heard = entries.Where(entry => Accepts(classifier, entry.Label) && !without.Contains(entry.Id))
            .Select(entry => new HeardText(NormalizedText.Hash(entry.Text), entry.Id, ToExample(entry)))
            .ToArray();

        var aside = FeedbackRanges.Parse(classifier.SetAside);
        var (training, holdOut, latest) = Together(dataset, heard);
        var (kept, networkTraining) = NetworkBasis.Feedback(
            dataset.Count(text => !text.HeldOut), heard.Length, training, count => Together(dataset, heard.AsSpan(0, count)).Training);
        return new GatheredExamples(entries.Count == 0 ? 0 : entries[^1].Id)
        {
            Training = training,
            HoldOut = holdOut,
            // What is set aside no model in service has seen, either.
            NewFeedback = [.. latest.Where(text => text.Id > classifier.FeedbackSeen || aside.Contains(text.Id)).Select(text => text.Example)],
            NetworkFeedback = [.. heard.AsSpan(0, kept).ToArray().Select(text => text.Id)],
            NetworkTraining = networkTraining,
            NewTraces = [.. entries.Where(entry => entry.Id > classifier.FeedbackSeen).Select(entry => entry.Trace).OfType<string>().TakeLast(GatheredExamples.TracesKept)],
        };
    }

    /// <summary>The id of the classifier's latest feedback entry, or null.</summary>
    public async Task<long?> LatestFeedbackAsync(ClassifierInfo classifier, CancellationToken cancellation)
    {
        var newest = await feedback.ListAsync(classifier.Name, before: null, limit: 1, cancellation);
        return newest.Items.Count == 0 ? null : newest.Items[0].Id;
    }

    /// <summary>What of the settings, beside those of the training itself, determines what is learned: for the lineage.</summary>
    public string Settings(ClassifierInfo classifier) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"correction={options.Value.CorrectionImportance} feedback-limit={options.Value.FeedbackLimit}{(defaults.AllowNewLabels(classifier) ? " new-labels" : string.Empty)}");

    private async Task<IReadOnlyList<FeedbackEntry>> NewestAsync(string classifier, CancellationToken cancellation)
    {
        var skip = FeedbackWindow.Skip(await feedback.CountAfterAsync(classifier, id: 0, cancellation), options.Value.FeedbackLimit);
        var entries = await feedback.ReadAsync(classifier, skip, cancellation);
        // Counted anew with what came between, so that the last entry alone decides.
        var more = FeedbackWindow.Skip(skip + entries.Count, options.Value.FeedbackLimit) - skip;
        return more <= 0 ? entries : [.. entries.Skip((int)more)];
    }

    private static (List<LabelledText> Training, List<LabelledText> HoldOut, HeardText[] Latest) Together(
        DatasetText[] dataset, ReadOnlySpan<HeardText> heard)
    {
        var latest = new Dictionary<ulong, HeardText>();
        foreach (var text in heard)
        {
            latest[text.Hash] = text;
        }

        var (training, holdOut) = (new List<LabelledText>(dataset.Length), new List<LabelledText>());
        foreach (var text in dataset)
        {
            if (!latest.ContainsKey(text.Hash))
            {
                (text.HeldOut ? holdOut : training).Add(text.Example);
            }
        }

        HeardText[] ordered = [.. latest.Values.OrderBy(text => text.Id)];
        training.AddRange(ordered.Select(text => text.Example));
        return (training, holdOut, ordered);
    }

    private LabelledText ToExample(FeedbackEntry entry) =>
        new(entry.Text, entry.Label, entry.Agreed == true ? 1 : options.Value.CorrectionImportance);

    // A data set that was replaced may not have labels any more that feedback once gave.
    private bool Accepts(ClassifierInfo classifier, string label) =>
        defaults.AllowNewLabels(classifier) || classifier.Labels.Contains(label, StringComparer.Ordinal);

    private sealed record DatasetText(ulong Hash, LabelledText Example, bool HeldOut);

    private sealed record HeardText(ulong Hash, long Id, LabelledText Example);
}

/// <summary>What a run works with.</summary>
/// <param name="FeedbackMark">The id of the last feedback entry that was read; 0 when there is none.</param>
internal sealed record GatheredExamples(long FeedbackMark)
{
    /// <summary>What to learn from.</summary>
    public IReadOnlyList<LabelledText> Training { get; init; } = [];

    /// <summary>What to measure with; no model has seen it.</summary>
    public IReadOnlyList<LabelledText> HoldOut { get; init; } = [];

    /// <summary>The part of <see cref="Training"/> that is feedback which no model has seen before.</summary>
    public IReadOnlyList<LabelledText> NewFeedback { get; init; } = [];

    /// <summary>How many traces are kept at most.</summary>
    public const int TracesKept = 32;

    /// <summary>The traces in which the newest of that feedback came (W3C <c>traceparent</c>).</summary>
    public IReadOnlyList<string> NewTraces { get; init; } = [];

    /// <summary>What a thorough model's network learns from: the same as <see cref="Training"/> or nearly.</summary>
    public IReadOnlyList<LabelledText> NetworkTraining { get; init; } = [];

    /// <summary>The feedback entries that <see cref="NetworkTraining"/> was made of, beside the data set.</summary>
    public IReadOnlyList<long> NetworkFeedback { get; init; } = [];
}
