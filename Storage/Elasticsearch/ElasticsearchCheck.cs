using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TicketAspire.Storage.Elasticsearch;

/// <summary>Degraded while tickets wait to be written to Elasticsearch: everything else goes on.</summary>
public sealed class ElasticsearchCheck(ElasticsearchTicketRecorder recorder) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(recorder.Problem is { } problem
            ? HealthCheckResult.Degraded($"{problem}; {recorder.Waiting} tickets and labels wait, {recorder.Dropped} were dropped since the start")
            : HealthCheckResult.Healthy());
}
