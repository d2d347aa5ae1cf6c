using Cronos;
using Microsoft.Extensions.Options;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.Triggers;

/// <summary>Asks, at the times of the schedule, for a run of every classifier that has something new to learn.</summary>
internal sealed class ScheduleTrigger
{
    private readonly IClassifierStore _classifiers;
    private readonly News _news;
    private readonly IRunStore _runs;
    private readonly TimeProvider _time;
    private readonly CronExpression? _schedule;
    private DateTimeOffset? _next;

    /// <summary>Begins with the first time of the schedule from now on.</summary>
    /// <exception cref="InvalidOperationException">The schedule is no cron expression.</exception>
    public ScheduleTrigger(
        IClassifierStore classifiers,
        News news,
        IRunStore runs,
        IOptions<RetrainingOptions> options,
        TimeProvider time)
    {
        (_classifiers, _news, _runs, _time) = (classifiers, news, runs, time);
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
            if (await _news.AnyAsync(classifier, cancellation))
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

    private DateTimeOffset? After(DateTimeOffset now) => _schedule?.GetNextOccurrence(now, TimeZoneInfo.Utc);
}
