using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TicketAspire.Storage;

/// <summary>Healthy while the store can be read.</summary>
public sealed class StoreCheck(IClassifierStore classifiers) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await classifiers.ListAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (StorageException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }
}
