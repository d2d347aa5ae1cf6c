using Microsoft.Extensions.Diagnostics.HealthChecks;
using TicketAspire.ServiceDefaults.Errors;

namespace TicketAspire.Api.Predictions;

/// <summary>Without Inference the Api still takes feedback and shows what is stored: degraded, not unavailable.</summary>
internal sealed class InferenceCheck(InferenceClient inference) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await inference.IsReadyAsync(cancellationToken)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded("Inference has no model yet");
        }
        catch (RequestException exception)
        {
            return HealthCheckResult.Degraded(exception.Message);
        }
    }
}
