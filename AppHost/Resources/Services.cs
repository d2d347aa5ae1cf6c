namespace TicketAspire.AppHost.Resources;

/// <summary>The services of this repository as resources.</summary>
internal static class Services
{
    /// <summary>The endpoint by which a resource is asked.</summary>
    public const string Endpoint = "http";

    /// <summary>A resource's name for people: <c>Web</c>.</summary>
    public static string Title(string name) => $"{char.ToUpperInvariant(name[0])}{name[1..]}";

    /// <summary>Adds a service that listens on its usual port and says at <c>/health</c> whether it can serve.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name, by which other services address it.</param>
    /// <param name="port">Where people find it unless <c>Ports:{name}</c> is configured; when published, where its container listens.</param>
    public static IResourceBuilder<ProjectResource> AddService<T>(this IDistributedApplicationBuilder builder, string name, int port)
        where T : IProjectMetadata, new()
    {
        // Without a certificate, which a fresh machine lacks: the way does not leave the machine.
        var service = builder.AddProject<T>(name).WithoutHttpsCertificate();
        // When run, the orchestrator listens on the port and hands over to the replicas, on ports of their own.
        return (builder.ExecutionContext.IsRunMode
                ? service.WithHttpEndpoint(port: ServicePorts.Of(builder.Configuration, name, port), name: Endpoint).WithDirectLaunch()
                : service.WithHttpEndpoint(targetPort: port, name: Endpoint))
            .WithHttpHealthCheck("/health");
    }

    /// <summary>Gives the resource's address a name on the dashboard, and the page that a person wants there.</summary>
    public static IResourceBuilder<T> WithLink<T>(this IResourceBuilder<T> resource, string text, string page)
        where T : IResourceWithEndpoints =>
        resource.WithUrlForEndpoint(Endpoint, url =>
        {
            url.DisplayText = text;
            url.Url = page;
        });

    /// <summary>
    /// The resource's address is among its details only: it is for programs, and browsers refuse port 6000 (fetch.spec.whatwg.org,
    /// "Port blocking").
    /// </summary>
    public static IResourceBuilder<T> WithAddressInDetails<T>(this IResourceBuilder<T> resource)
        where T : IResourceWithEndpoints =>
        resource.WithUrlForEndpoint(Endpoint, url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly);

    /// <summary>The services' logs go to Logstash, too.</summary>
    public static IResourceBuilder<ProjectResource> WithLogsTo(
        this IResourceBuilder<ProjectResource> service, IResourceBuilder<ContainerResource> logstash) =>
        service.WithEnvironment("Logstash__Url", logstash.GetEndpoint(Endpoint)).WithReferenceRelationship(logstash);
}
