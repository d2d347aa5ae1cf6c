using Microsoft.Data.Sqlite;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Sqlite;

/// <summary>Statistics by two queries: how many of each kind, and how confidences are spread.</summary>
internal static class SqliteStatistics
{
    /// <summary>Confidences are sorted into so many bins; a percentile is exact to one of them.</summary>
    private const int Bins = 1_000;

    /// <summary>Counts.</summary>
    public static TicketStatistics Count(SqliteConnection connection, StatisticsQuery query, IReadOnlyList<DateTimeOffset> starts)
    {
        var where = new SqliteConditions();
        where.Add("classifier = $classifier", "$classifier", query.Classifier);
        where.Add("at >= $from", "$from", query.From.ToUnixTimeMilliseconds());
        where.Add("at < $to", "$to", query.To.ToUnixTimeMilliseconds());
        var period = PeriodOf(query.Interval);
        var kinds = connection.Query(
            $"""
            SELECT {period}, prediction, route, model,
                count(*), count(label), coalesce(sum(label = prediction), 0), sum(confidence)
            FROM tickets{where} GROUP BY 1, 2, 3, 4
            """,
            row => new Kind(
                row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt32(3),
                row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetDouble(7)),
            where.Parameters);
        var spread = connection.Query(
            $"SELECT {period}, CAST(confidence * {Bins} AS INTEGER), count(*) FROM tickets{where} GROUP BY 1, 2",
            row => (Period: row.GetInt64(0), Bin: row.GetInt64(1), Tickets: row.GetInt64(2)),
            where.Parameters);

        var kindsOf = kinds.ToLookup(kind => kind.Period);
        var spreadOf = spread.ToLookup(bin => bin.Period, bin => (bin.Bin, bin.Tickets));
        return new TicketStatistics
        {
            From = query.From,
            To = query.To,
            Interval = query.Interval,
            Total = Figures(kinds, spread.Select(bin => (bin.Bin, bin.Tickets))),
            Periods = [.. starts.Select(start => start.ToUnixTimeMilliseconds()).Zip(starts, (key, start) =>
                new PeriodFigures(start, Figures([.. kindsOf[key]], spreadOf[key])))],
        };
    }

    /// <summary>When a ticket's period begins, as SQL: Unix milliseconds. 1 January 1970 was a Thursday.</summary>
    private static string PeriodOf(StatisticsInterval interval) => interval switch
    {
        StatisticsInterval.Hour => "at - at % 3600000",
        StatisticsInterval.Day => "at - at % 86400000",
        StatisticsInterval.Week => "at - (at + 259200000) % 604800000",
        _ => "1000 * unixepoch(at / 1000, 'unixepoch', 'start of month')",
    };

    private static TicketFigures Figures(List<Kind> kinds, IEnumerable<(long Bin, long Tickets)> spread)
    {
        var tickets = kinds.Sum(kind => kind.Tickets);
        return new TicketFigures
        {
            Tickets = tickets,
            Auto = kinds.Where(kind => kind.Route == Routes.Auto).Sum(kind => kind.Tickets),
            Labelled = kinds.Sum(kind => kind.Labelled),
            Agreed = kinds.Sum(kind => kind.Agreed),
            Confidence = tickets == 0 ? null : Confidence(kinds.Sum(kind => kind.Confidence) / tickets, spread),
            Predictions = Groups(kinds, kind => kind.Prediction),
            Routes = Groups(kinds, kind => kind.Route),
            Models = Groups(kinds, kind => kind.Model.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        };
    }

    private static GroupFigures[] Groups(List<Kind> kinds, Func<Kind, string> by) =>
    [
        .. kinds.GroupBy(by, StringComparer.Ordinal)
            .Select(group => new GroupFigures(
                group.Key, group.Sum(kind => kind.Tickets), group.Sum(kind => kind.Labelled), group.Sum(kind => kind.Agreed)))
            .OrderByDescending(group => group.Tickets)
            .ThenBy(group => group.Name, StringComparer.Ordinal),
    ];

    private static ConfidenceFigures Confidence(double average, IEnumerable<(long Bin, long Tickets)> spread)
    {
        var bins = spread.GroupBy(bin => bin.Bin, bin => bin.Tickets).OrderBy(bin => bin.Key)
            .Select(bin => (Bin: bin.Key, Tickets: bin.Sum())).ToArray();
        var all = bins.Sum(bin => bin.Tickets);
        return new ConfidenceFigures(average, At(0.1), At(0.5), At(0.9));

        double At(double share)
        {
            var left = share * all;
            foreach (var (bin, tickets) in bins)
            {
                left -= tickets;
                if (left <= 0)
                {
                    return (double)bin / Bins;
                }
            }

            return average;
        }
    }

    private sealed record Kind(
        long Period, string Prediction, string Route, int Model, long Tickets, long Labelled, long Agreed, double Confidence);
}
