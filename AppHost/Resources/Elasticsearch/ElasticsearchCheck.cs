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
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        await ProblemAsync(await resource.GetConnectionStringAsync(cancellationToken), cancellationToken) is { } problem
            ? HealthCheckResult.Unhealthy(problem)
            : HealthCheckResult.Healthy();

    /// <summary>What keeps a server from being used; null if nothing does.</summary>
    /// <param name="connectionString"><c>http://user:password@host:port</c>; what is said quotes no credentials.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<string?> ProblemAsync(string? connectionString, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(connectionString, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            return "ConnectionStrings:elasticsearch is not an address (http://user:password@host:9200)";
        }

        var words = $"Elasticsearch at {address.Authority}";
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "_cluster/health"));
        if (address.UserInfo.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));
        }

        try
        {
            using var response = await Http.SendAsync(request, cancellation);
            if (!response.IsSuccessStatusCode)
            {
                return $"{words} answers {(int)response.StatusCode}";
            }

            using var health = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
            return health.RootElement.TryGetProperty("status", out var status) && !status.ValueEquals("red")
                ? null
                : $"{words} is red: some of its data cannot be served";
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return $"{words} does not answer";
        }
    }
}
