using Microsoft.Extensions.Options;
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.Triggers;

/// <summary>
/// Asks for a run of every classifier with enough feedback that no run has tried to learn, once no more comes: a thousand
/// corrections in a row make one run, not a hundred.
/// </summary>
internal sealed class FeedbackTrigger(
    IClassifierStore classifiers,
    IFeedbackStore feedback,
    IRunStore runs,
    ClassifierDefaults defaults,
    IOptions<RetrainingOptions> options,
    TimeProvider time)
{
    private readonly Dictionary<string, Waiting> _waiting = new(StringComparer.Ordinal);

    /// <summary>Looks at all classifiers.</summary>
    /// <returns>When to look again because of feedback that still comes in; null when there is none.</returns>
    public async Task<TimeSpan?> CheckAsync(CancellationToken cancellation)
    {
        TimeSpan? again = null;
        var open = (await runs.OpenAsync(cancellation)).Select(run => run.Classifier).ToHashSet(StringComparer.Ordinal);
        foreach (var classifier in await classifiers.ListAsync(cancellation))
        {
            // A run that is under way has not read the newest entries, perhaps; they are counted when it has ended.
            var least = defaults.RetrainAfter(classifier);
            var tried = Math.Max(classifier.FeedbackSeen, classifier.FeedbackTried);
            var count = open.Contains(classifier.Name) ? 0 : await feedback.CountAfterAsync(classifier.Name, tried, cancellation);
            if (count < least)
            {
                _waiting.Remove(classifier.Name);
            }
            else if (Wait(classifier.Name, count) is { } wait)
            {
                again = again < wait ? again : wait;
            }
            else
            {
                // Looking costs little and is done often; what counts is decided there, against what others do meanwhile.
                _waiting.Remove(classifier.Name);
                await runs.RequestForFeedbackAsync(classifier.Name, least, cancellation);
            }
        }

        return again;
    }

    // How much longer to wait; null when it has been quiet for long enough, or never will be.
    private TimeSpan? Wait(string classifier, long count)
    {
        if (!_waiting.TryGetValue(classifier, out var waiting))
        {
            var now = time.GetTimestamp();
            waiting = new Waiting(count, now, now);
        }
        else if (waiting.Count != count)
        {
            waiting = waiting with { Count = count, Last = time.GetTimestamp() };
        }

        _waiting[classifier] = waiting;
        var quiet = options.Value.Quiet - time.GetElapsedTime(waiting.Last);
        var longest = options.Value.QuietLongest - time.GetElapsedTime(waiting.First);
        var wait = quiet < longest ? quiet : longest;
        return wait > TimeSpan.Zero ? wait : null;
    }

    /// <summary>Feedback that is enough, but perhaps not all.</summary>
    /// <param name="Count">How many entries, the last time.</param>
    /// <param name="First">When there were enough for the first time.</param>
    /// <param name="Last">When their number changed last.</param>
    private sealed record Waiting(long Count, long First, long Last);
}
