using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.Triggers;

/// <summary>Asks for a run of every classifier with enough feedback that no model has seen.</summary>
internal sealed class FeedbackTrigger(
    IClassifierStore classifiers, IFeedbackStore feedback, IRunStore runs, ClassifierDefaults defaults)
{
    public async Task CheckAsync(CancellationToken cancellation)
    {
        var open = (await runs.OpenAsync(cancellation)).Select(run => run.Classifier).ToHashSet(StringComparer.Ordinal);
        foreach (var classifier in await classifiers.ListAsync(cancellation))
        {
            // A run that is under way has not read the newest entries, perhaps; they are counted when it has ended.
            var least = defaults.RetrainAfter(classifier);
            if (!open.Contains(classifier.Name)
                && await feedback.CountAfterAsync(classifier.Name, classifier.FeedbackSeen, cancellation) >= least)
            {
                // Looking costs little and is done often; what counts is decided there, against what others do meanwhile.
                await runs.RequestForFeedbackAsync(classifier.Name, least, cancellation);
            }
        }
    }
}
