using TicketAspire.Contracts;

namespace TicketAspire.Storage;

/// <summary>How the time of a <see cref="StatisticsQuery"/> is divided, by UTC's calendar.</summary>
internal static class StatisticsPeriods
{
    private const int DaysOfWeek = 7;

    /// <summary>When the periods begin, the oldest first: the first one not later than the time that is asked for.</summary>
    /// <exception cref="ArgumentException">The time ends before it begins, or has more than <see cref="StatisticsQuery.MostPeriods"/> periods.</exception>
    public static IReadOnlyList<DateTimeOffset> StartsOf(StatisticsQuery query)
    {
        if (query.To <= query.From)
        {
            throw new ArgumentException("The time must end after it begins.", nameof(query));
        }

        var starts = new List<DateTimeOffset>();
        for (var start = Containing(query.From, query.Interval); start < query.To; start = Following(start, query.Interval))
        {
            if (starts.Count == StatisticsQuery.MostPeriods)
            {
                throw new ArgumentException($"There may be at most {StatisticsQuery.MostPeriods} periods.", nameof(query));
            }

            starts.Add(start);
        }

        return starts;
    }

    private static DateTimeOffset Containing(DateTimeOffset time, StatisticsInterval interval)
    {
        var day = new DateTimeOffset(time.UtcDateTime.Date, TimeSpan.Zero);
        return interval switch
        {
            StatisticsInterval.Hour => day.AddHours(time.UtcDateTime.Hour),
            StatisticsInterval.Day => day,
            // Back to Monday.
            StatisticsInterval.Week => day.AddDays(-(((int)day.DayOfWeek + DaysOfWeek - 1) % DaysOfWeek)),
            _ => day.AddDays(1 - day.Day),
        };
    }

    private static DateTimeOffset Following(DateTimeOffset start, StatisticsInterval interval) => interval switch
    {
        StatisticsInterval.Hour => start.AddHours(1),
        StatisticsInterval.Day => start.AddDays(1),
        StatisticsInterval.Week => start.AddDays(DaysOfWeek),
        _ => start.AddMonths(1),
    };
}
