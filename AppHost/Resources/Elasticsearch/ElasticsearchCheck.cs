using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TicketAspire.AppHost.Resources.Elasticsearch;

/// <summary>Healthy when Elasticsearch answers who is signed in, and can serve every index (<c>GET /_cluster/health</c>: not red).</summary>
internal sealed class ElasticsearchCheck(IResourceWithConnectionString resource) : IHealthCheck
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!Uri.TryCreate(await resource.GetConnectionStringAsync(cancellationToken), UriKind.Absolute, out var address))
        {
            return HealthCheckResult.Unhealthy("Elasticsearch has no address yet");
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "_cluster/health"));
        if (address.UserInfo.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));
        }

        try
        {
            using var response = await Http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                return HealthCheckResult.Unhealthy($"Elasticsearch answers {(int)response.StatusCode}");
            }

            using var health = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return health.RootElement.TryGetProperty("status", out var status) && !status.ValueEquals("red")
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("Elasticsearch is red: some of its data cannot be served");
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or JsonException)
        {
            return HealthCheckResult.Unhealthy("Elasticsearch does not answer");
        }
    }
}
