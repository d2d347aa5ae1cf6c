using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using TicketAspire.ServiceDefaults.Errors;

namespace TicketAspire.ServiceDefaults.Limits;

/// <summary>Too much load gets 503 with <c>Retry-After</c> instead of a growing queue.</summary>
public static class LoadLimit
{
    /// <summary>
    /// Limits the requests worked on at the same time, over the whole service. A long-lived stream says
    /// <c>DisableRateLimiting()</c>, and so do the health routes, which must answer under any load.
    /// </summary>
    internal static void AddLoadLimit(this IServiceCollection services, IConfiguration configuration)
    {
        var permits = configuration.GetValue("Limits:Concurrency", LimitDefaults.Concurrency);
        var queue = configuration.GetValue("Limits:Queue", LimitDefaults.Queue);
        services.AddRateLimiter(options =>
        {
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(_ =>
                RateLimitPartition.GetConcurrencyLimiter("all", _ => new ConcurrencyLimiterOptions
                {
                    PermitLimit = permits,
                    QueueLimit = queue,
                    QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
                }));
            options.OnRejected = async (rejected, cancellation) =>
                await ErrorResponse.WriteAsync(
                    rejected.HttpContext,
                    new RequestException(StatusCodes.Status503ServiceUnavailable, "Too many requests at the moment")
                    {
                        RetryAfter = TimeSpan.FromSeconds(1),
                    },
                    cancellation);
        });
    }
}
