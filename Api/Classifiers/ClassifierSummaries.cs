using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.Storage;

namespace TicketAspire.Api.Classifiers;

/// <summary>Puts together what there is to know of a classifier.</summary>
internal sealed class ClassifierSummaries(
    IDatasetStore datasets, IFeedbackStore feedback, IModelStore models, IRunStore runs, IDriftStore drift,
    ClassifierDefaults defaults)
{
    public async Task<ClassifierSummary> GetAsync(ClassifierInfo classifier, CancellationToken cancellation)
    {
        var open = await runs.OpenAsync(cancellation);
        return new ClassifierSummary
        {
            Name = classifier.Name,
            Label = classifier.Label,
            Default = classifier.Name == defaults.Default,
            Labels = classifier.Labels,
            Champion = classifier.Champion is { } version
                ? await models.FindAsync(classifier.Name, version, cancellation)
                : null,
            Challenger = classifier.Challenger,
            Dataset = await datasets.FindAsync(classifier.Dataset, cancellation)
                ?? throw new StorageException($"The data set of '{classifier.Name}' is missing."),
            Feedback = await feedback.CountAfterAsync(classifier.Name, 0, cancellation),
            Unseen = await feedback.CountAfterAsync(classifier.Name, classifier.FeedbackSeen, cancellation),
            SetAside = await SetAsideAsync(classifier, cancellation),
            RetrainAfter = defaults.RetrainAfter(classifier),
            AllowNewLabels = defaults.AllowNewLabels(classifier),
            Drift = (await drift.FindAsync(classifier.Name, cancellation))?.State,
            // The one at work goes before the one that waits.
            Run = open.Where(run => run.Classifier == classifier.Name).MaxBy(run => run.State == RunState.Running),
        };
    }

    private async Task<long?> SetAsideAsync(ClassifierInfo classifier, CancellationToken cancellation)
    {
        var count = 0L;
        foreach (var (first, last) in FeedbackRanges.Parse(classifier.SetAside).All)
        {
            count += await feedback.CountAfterAsync(classifier.Name, first - 1, cancellation)
                - await feedback.CountAfterAsync(classifier.Name, last, cancellation);
        }

        return count == 0 ? null : count;
    }
}
