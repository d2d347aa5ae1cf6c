using Microsoft.AspNetCore.Http.HttpResults;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.Storage;

namespace TicketAspire.Api.Tickets;

/// <summary>What the tickets come to.</summary>
internal static class StatisticsRoutes
{
    private static readonly TimeSpan TimeByDefault = TimeSpan.FromDays(7);

    public static void MapStatistics(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/statistics", CountAsync)
            .WithTags("Tickets")
            .WithSummary("Counts tickets by hour, day, week or month, and by category, route and model, with their labels, agreement and confidence; of the last 7 days by day unless asked otherwise.");

    private static async Task<Ok<TicketStatistics>> CountAsync(
        string? classifier, string? from, string? to, string? interval,
        ITicketLog log, TimeProvider time, CancellationToken cancellation)
    {
        var end = TimeParameter.Parse(to, "to") ?? time.GetUtcNow();
        var start = TimeParameter.Parse(from, "from")
            ?? (end - DateTimeOffset.MinValue > TimeByDefault ? end - TimeByDefault : DateTimeOffset.MinValue);
        var query = new StatisticsQuery(start, end, Interval(interval))
        {
            Classifier = string.IsNullOrWhiteSpace(classifier) ? null : classifier,
        };
        return TypedResults.Ok(await log.AskAsync(
            asked => asked.StatisticsAsync(query, cancellation),
            $"'to' must be later than 'from', with at most {StatisticsQuery.MostPeriods} times the 'interval' in between"));
    }

    private static StatisticsInterval Interval(string? interval) => interval?.ToLowerInvariant() switch
    {
        null or "" or "day" => StatisticsInterval.Day,
        "hour" => StatisticsInterval.Hour,
        "week" => StatisticsInterval.Week,
        "month" => StatisticsInterval.Month,
        _ => throw RequestException.BadRequest("'interval' is hour, day, week or month"),
    };
}
