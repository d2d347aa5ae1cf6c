using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TicketAspire.Inference.Champions;

/// <summary>Ready once every classifier that Storage knows has a model in memory, and there is one at all.</summary>
internal sealed class ModelsCheck(ServedModels served) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var missing = served.Known.Keys.Where(name => !served.All.ContainsKey(name)).Order(StringComparer.Ordinal).ToArray();
        return Task.FromResult(
            served.All.Count == 0 ? HealthCheckResult.Unhealthy("No model yet")
            : missing.Length > 0 ? HealthCheckResult.Degraded($"No model yet: {string.Join(", ", missing)}")
            : HealthCheckResult.Healthy());
    }
}
