using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TicketAspire.Storage;

/// <summary>Healthy while the store can be read, and degraded where it may lose what it acknowledges.</summary>
public sealed class StoreCheck(IClassifierStore classifiers, IDurability? durability = null) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await classifiers.ListAsync(cancellationToken);
            return durability is not null && await durability.DoubtAsync(cancellationToken) is { } doubt
                ? HealthCheckResult.Degraded(doubt)
                : HealthCheckResult.Healthy();
        }
        catch (StorageException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }
}
