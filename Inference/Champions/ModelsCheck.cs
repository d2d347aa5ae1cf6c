using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TicketAspire.Inference.Champions;

/// <summary>Ready once every classifier that Storage knows has a model in memory, and there is one at all.</summary>
internal sealed class ModelsCheck(ServedModels served) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var missing = served.Known.Where(known => !served.All.ContainsKey(known.Key))
            .OrderBy(known => known.Key, StringComparer.Ordinal)
            .Select(known => known.Value is { } version ? $"{known.Key} (version {version} cannot be loaded)" : known.Key)
            .ToArray();
        return Task.FromResult(
            served.All.Count == 0 ? HealthCheckResult.Unhealthy("No model in memory")
            : missing.Length > 0 ? HealthCheckResult.Degraded($"No model in memory: {string.Join(", ", missing)}")
            : HealthCheckResult.Healthy());
    }
}
