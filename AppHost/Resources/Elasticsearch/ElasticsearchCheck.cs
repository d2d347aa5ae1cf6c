using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TicketAspire.AppHost.Resources.Elasticsearch;

/// <summary>Healthy when Elasticsearch answers who is signed in (<c>GET /</c>).</summary>
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
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "/"));
        if (address.UserInfo.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));
        }

        try
        {
            using var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return response.StatusCode switch
            {
                // The Api may have a key that is not known here; and who may write tickets need not see the cluster.
                HttpStatusCode.Unauthorized when address.UserInfo.Length > 0 => $"{words} refuses this user and password",
                >= HttpStatusCode.InternalServerError => $"{words} answers {(int)response.StatusCode}",
                _ => null,
            };
        }
        catch (HttpRequestException exception) when (exception.InnerException is AuthenticationException)
        {
            // The Api may trust who is not known here (Elasticsearch:CaFile).
            return null;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return $"{words} does not answer";
        }
    }
}
