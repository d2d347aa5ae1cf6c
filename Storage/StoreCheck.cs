using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TicketAspire.Storage;

/// <summary>
/// Healthy while the store can be read, and degraded where it may lose what it acknowledges, or is away after it was there: predictions go
/// on without it, and what all replicas lack is no reason to take them all out of service. Unhealthy before it was reached.
/// One for a process.
/// </summary>
public sealed class StoreCheck(IClassifierStore classifiers, IDurability? durability = null) : IHealthCheck
{
    private volatile bool _wasReached;

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await classifiers.ListAsync(cancellationToken);
            _wasReached = true;
            return durability is not null && await durability.DoubtAsync(cancellationToken) is { } doubt
                ? HealthCheckResult.Degraded(doubt)
                : HealthCheckResult.Healthy();
        }
        catch (StorageException exception)
        {
            return _wasReached ? HealthCheckResult.Degraded(exception.Message) : HealthCheckResult.Unhealthy(exception.Message);
        }
    }
}
