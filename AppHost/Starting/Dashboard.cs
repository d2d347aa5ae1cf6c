using Microsoft.Extensions.Configuration;
using TicketAspire.AppHost.Resources;

namespace TicketAspire.AppHost.Starting;

/// <summary>Aspire's dashboard: where it listens, and where a person opens it.</summary>
internal static class Dashboard
{
    private const string ResourceName = "aspire-dashboard";
    private const string UrlsKey = "ASPNETCORE_URLS";
    private const string PortKey = "Ports:Dashboard";
    private const int DefaultPort = 15230;

    /// <summary>
    /// Where the launch profile says nothing it listens on the usual port, without a certificate: a fresh machine has none, and
    /// what is said stays on the machine. The services' telemetry and the app host's own service take any free port.
    /// </summary>
    /// <exception cref="InvalidOperationException">The configured port is none.</exception>
    public static void Listen(IDistributedApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        if (configuration[PortKey] is { } configured)
        {
            configuration[UrlsKey] = $"http://localhost:{ServicePorts.Parse(PortKey, configured)}";
        }
        else if (string.IsNullOrEmpty(configuration[UrlsKey]))
        {
            configuration[UrlsKey] = $"http://localhost:{DefaultPort}";
        }

        if (!configuration[UrlsKey]!.Contains("https:", StringComparison.OrdinalIgnoreCase))
        {
            configuration["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";
        }
    }

    /// <summary>The port of its page; 0 for any.</summary>
    public static int Port(IConfiguration configuration) =>
        Uri.TryCreate(configuration[UrlsKey]?.Split(';')[0], UriKind.Absolute, out var address) ? address.Port : 0;

    /// <summary>Its page, with what signs a person in; completes when it runs, and never where there is none.</summary>
    public static Task<Uri> PageAsync(IDistributedApplicationBuilder builder)
    {
        var page = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        builder.Eventing.Subscribe<ResourceReadyEvent>(async (ready, cancellation) =>
        {
            if (ready.Resource is not IResourceWithEndpoints { Name: ResourceName } dashboard)
            {
                return;
            }

            var endpoint = dashboard.GetEndpoint("https") is { Exists: true } secure ? secure : dashboard.GetEndpoint("http");
            var address = new Uri(await endpoint.GetValueAsync(cancellation) ?? throw new DistributedApplicationException("The dashboard has no address."));
            page.TrySetResult(builder.Configuration["AppHost:BrowserToken"] is { Length: > 0 } token ? new Uri(address, $"login?t={token}") : address);
        });
        return page.Task;
    }
}
