using Microsoft.AspNetCore.Http.HttpResults;
using TicketAspire.Api.Classifiers;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.Storage;

namespace TicketAspire.Api.Operations;

/// <summary><c>GET /operations</c>: how the system has done.</summary>
internal static class OperationsRoutes
{
    public static void MapOperations(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/operations", ReportAsync)
            .WithTags("Operations")
            .WithSummary("Requests, predictions, feedback, runs, models and drift by intervals. range is 1h (the default), 6h, 24h, 7d or 30d; or give from and to.");

    private static async Task<Ok<OperationsReport>> ReportAsync(
        string? classifier, string? range, string? from, string? to,
        IClassifierStore classifiers, ClassifierDefaults defaults, OperationsReporting reporting, TimeProvider time, CancellationToken cancellation)
    {
        var asked = OperationsRange.Of(range, from, to, time.GetUtcNow());
        var found = await classifiers.GetAsync(string.IsNullOrEmpty(classifier) ? defaults.Default : classifier, cancellation);
        return TypedResults.Ok(await reporting.ReportAsync(found.Name, asked, cancellation));
    }
}
