using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TicketAspire.Contracts;

namespace TicketAspire.ServiceDefaults.Health;

/// <summary>
/// <c>/alive</c>: the process answers (restart it if not). <c>/ready</c>: it can serve (send it traffic).
/// <c>/health</c>: the same as ready, under the name that the reference systems and Aspire use.
/// </summary>
internal static class HealthRoutes
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/alive", Options(alive: true)).DisableRateLimiting();
        routes.MapHealthChecks("/ready", Options(alive: false)).DisableRateLimiting();
        routes.MapHealthChecks("/health", Options(alive: false)).DisableRateLimiting();
    }

    private static HealthCheckOptions Options(bool alive) => new()
    {
        Predicate = _ => !alive,
        AllowCachingResponses = false,
        ResponseWriter = WriteAsync,
    };

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var reasons = report.Entries
            .Where(entry => entry.Value.Status != HealthStatus.Healthy)
            .ToDictionary(entry => entry.Key, entry => entry.Value.Description ?? "failed", StringComparer.Ordinal);
        var status = report.Status switch
        {
            HealthStatus.Healthy => "ok",
            HealthStatus.Degraded => "degraded",
            _ => "unavailable",
        };
        return context.Response.WriteAsJsonAsync(
            new HealthResponse(status, reasons.Count == 0 ? null : reasons),
            ContractsJson.Default.HealthResponse,
            cancellationToken: context.RequestAborted);
    }
}
