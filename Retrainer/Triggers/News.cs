using TicketAspire.Contracts;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.Triggers;

/// <summary>Whether a training would learn anything new: the same examples would give the same model.</summary>
internal sealed class News(IFeedbackStore feedback, IModelStore models)
{
    /// <summary>True if there is feedback that no model has seen, another data set, or no model yet.</summary>
    public async Task<bool> AnyAsync(ClassifierInfo classifier, CancellationToken cancellation)
    {
        if (classifier.Champion is not { } version
            || await feedback.CountAfterAsync(classifier.Name, classifier.FeedbackSeen, cancellation) > 0)
        {
            return true;
        }

        return (await models.FindAsync(classifier.Name, version, cancellation))?.Lineage.Dataset != classifier.Dataset;
    }
}
