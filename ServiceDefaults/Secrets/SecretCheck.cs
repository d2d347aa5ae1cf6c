using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TicketAspire.ServiceDefaults.Secrets;

/// <summary>Degraded while no new secrets can be had: the service goes on with those that it has.</summary>
internal sealed class SecretCheck(SecretRefreshing refreshing) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(refreshing.Problem is { } problem ? HealthCheckResult.Degraded(problem) : HealthCheckResult.Healthy());
}
