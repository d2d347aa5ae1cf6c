using System.Globalization;

namespace TicketAspire.Web.Components.Charts;

/// <summary>Where the ticks of a chart's axes are.</summary>
internal static class ChartScale
{
    private const int TimeTicks = 6;

    private static readonly TimeSpan[] TimeSteps =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromHours(6), TimeSpan.FromHours(12),
        TimeSpan.FromDays(1), TimeSpan.FromDays(2), TimeSpan.FromDays(5), TimeSpan.FromDays(7),
    ];

    /// <summary>Round numbers from 0 to at least so much: three to five steps of 1, 2 or 5 times a power of ten.</summary>
    /// <param name="most">The largest value.</param>
    /// <param name="whole">True for counts, which have no halves.</param>
    public static IReadOnlyList<double> Ticks(double most, bool whole)
    {
        var step = whole ? 1.0 : 1e-9;
        if (most > 0)
        {
            var rough = most / 4;
            var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
            var nice = new[] { 1.0, 2, 5, 10 }.First(factor => rough <= factor * power * (1 + 1e-9)) * power;
            step = whole ? Math.Max(1, nice) : nice;
        }

        var count = Math.Max(1, (int)Math.Ceiling((most / step) - 1e-9));
        return [.. Enumerable.Range(0, count + 1).Select(i => i * step)];
    }

    /// <summary>Round times, six at most.</summary>
    public static IReadOnlyList<DateTimeOffset> Ticks(DateTimeOffset from, DateTimeOffset to)
    {
        var step = TimeSteps.FirstOrDefault(one => (to - from) / one <= TimeTicks, TimeSteps[^1]);
        var first = new DateTimeOffset(((from.UtcTicks + step.Ticks - 1) / step.Ticks) * step.Ticks, TimeSpan.Zero);
        var ticks = new List<DateTimeOffset>();
        for (var tick = first; tick <= to; tick += step)
        {
            ticks.Add(tick);
        }

        return ticks;
    }

    /// <summary>A time on an axis as long as this: the day where the axis is of days.</summary>
    public static string Time(DateTimeOffset time, TimeSpan length) =>
        time.ToUniversalTime().ToString(length > TimeSpan.FromHours(36) ? "MMM d" : "HH:mm", CultureInfo.InvariantCulture);

    /// <summary>An interval in words: <c>12:05</c>, with the day where the axis is longer than one.</summary>
    public static string Interval(DateTimeOffset time, TimeSpan length) =>
        time.ToUniversalTime().ToString(length > TimeSpan.FromHours(25) ? "MMM d HH:mm" : "HH:mm", CultureInfo.InvariantCulture);
}
