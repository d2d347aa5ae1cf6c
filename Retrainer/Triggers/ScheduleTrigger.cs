using Cronos;
using Microsoft.Extensions.Options;
using TicketAspire.Contracts;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.Triggers;

/// <summary>Asks, at the times of the schedule, for a run of every classifier that has something new to learn.</summary>
internal sealed class ScheduleTrigger
{
    private readonly IClassifierStore _classifiers;
    private readonly IFeedbackStore _feedback;
    private readonly IModelStore _models;
    private readonly IRunStore _runs;
    private readonly TimeProvider _time;
    private readonly CronExpression? _schedule;
    private DateTimeOffset? _next;

    /// <summary>Begins with the first time of the schedule from now on.</summary>
    /// <exception cref="InvalidOperationException">The schedule is no cron expression.</exception>
    public ScheduleTrigger(
        IClassifierStore classifiers,
        IFeedbackStore feedback,
        IModelStore models,
        IRunStore runs,
        IOptions<RetrainingOptions> options,
        TimeProvider time)
    {
        (_classifiers, _feedback, _models, _runs, _time) = (classifiers, feedback, models, runs, time);
        _schedule = Parse(options.Value.Schedule);
        _next = After(time.GetUtcNow());
    }

    /// <summary>Asks if it is time.</summary>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        if (_next is not { } due || _time.GetUtcNow() < due)
        {
            return;
        }

        foreach (var classifier in await _classifiers.ListAsync(cancellation))
        {
            if (await HasNewsAsync(classifier, cancellation))
            {
                await _runs.RequestScheduledAsync(classifier.Name, due, cancellation);
            }
        }

        // Only now: if the store was away, the next look asks.
        _next = After(_time.GetUtcNow());
    }

    /// <summary>Reads a schedule.</summary>
    /// <exception cref="InvalidOperationException">It is no cron expression.</exception>
    public static CronExpression? Parse(string? schedule)
    {
        try
        {
            return string.IsNullOrWhiteSpace(schedule) ? null : CronExpression.Parse(
                schedule, schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);
        }
        catch (CronFormatException exception)
        {
            throw new InvalidOperationException(
                $"Retraining:Schedule is '{schedule}'; it must be a cron expression, as '0 3 * * *' for three each night: {exception.Message}",
                exception);
        }
    }

    // The same examples would give the same model.
    private async Task<bool> HasNewsAsync(ClassifierInfo classifier, CancellationToken cancellation)
    {
        if (classifier.Champion is not { } version
            || await _feedback.CountAfterAsync(classifier.Name, classifier.FeedbackSeen, cancellation) > 0)
        {
            return true;
        }

        return (await _models.FindAsync(classifier.Name, version, cancellation))?.Lineage.Dataset != classifier.Dataset;
    }

    private DateTimeOffset? After(DateTimeOffset now) => _schedule?.GetNextOccurrence(now, TimeZoneInfo.Utc);
}
