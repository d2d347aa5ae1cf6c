using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TicketAspire.ServiceDefaults.Telemetry;

namespace TicketAspire.ServiceDefaults.Logging;

/// <summary>
/// Logs each request with its route's template, status and duration: outermost, so that what the error handling answers is
/// counted, too. The path itself stays out: it may hold anything.
/// </summary>
internal sealed class RequestLog(ActivityLog log, TimeProvider time) : IStartupFilter
{
    /// <inheritdoc/>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, following) =>
        {
            if (!log.IsEnabled || HealthPaths.Contains(context.Request.Path.Value))
            {
                await following(context);
                return;
            }

            var start = time.GetTimestamp();
            try
            {
                await following(context);
            }
            finally
            {
                log.Request(
                    context.Request.Method,
                    (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { Length: > 0 } route ? route : "(none)",
                    context.Response.StatusCode,
                    time.GetElapsedTime(start).TotalMilliseconds);
            }
        });
        next(app);
    };
}
