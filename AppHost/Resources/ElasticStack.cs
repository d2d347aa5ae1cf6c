namespace TicketAspire.AppHost.Resources;

/// <summary>Kibana and Logstash, of the same version as Elasticsearch. Their settings are in kibana/ and logstash/.</summary>
internal static class ElasticStack
{
    /// <summary>Kibana, with its dashboard behind the link.</summary>
    public static IResourceBuilder<ContainerResource> AddKibana(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ElasticsearchResource> elasticsearch)
    {
        const int port = 5601;
        return builder.AddElastic(name, "kibana", elasticsearch)
            .WithHttpEndpoint(builder.ExecutionContext.IsRunMode ? ServicePorts.Of(builder.Configuration, name, port) : null, port, Services.Endpoint)
            .WithExternalHttpEndpoints()
            .WithLink("Kibana", "/app/dashboards#/view/ticketaspire")
            .WithHttpHealthCheck("/api/status")
            .WithEnvironment("ELASTICSEARCH_HOSTS", elasticsearch.GetEndpoint(Services.Endpoint))
            .WithEnvironment("ELASTICSEARCH_USERNAME", "kibana_system")
            .WithEnvironment("ELASTICSEARCH_PASSWORD", builder.AddGeneratedSecret("kibana-password"))
            .WaitFor(elasticsearch);
    }

    /// <summary>
    /// Gives Kibana's user its password, and imports how logs are indexed, data views and the dashboard (kibana/import.sh). It waits for
    /// Kibana by itself, which is healthy only after this. Doing it at every start is harmless. A cluster has its own Job for it.
    /// </summary>
    public static IResourceBuilder<ContainerResource> AddImport(
        this IResourceBuilder<ContainerResource> kibana, string name, IResourceBuilder<ElasticsearchResource> elasticsearch)
    {
        var password = kibana.ApplicationBuilder.Resources.OfType<ParameterResource>().Single(parameter => parameter.Name == "kibana-password");
        // Elasticsearch's image has curl, and is there already.
        return kibana.ApplicationBuilder.AddElastic(name, "elasticsearch", elasticsearch)
            .WithEntrypoint("sh")
            .WithArgs("/import/import.sh")
            .WithBindMount("kibana", "/import", isReadOnly: true)
            .WithEnvironment("KIBANA_URL", kibana.GetEndpoint(Services.Endpoint))
            .WithEnvironment("ELASTICSEARCH_HOSTS", elasticsearch.GetEndpoint(Services.Endpoint))
            .WithEnvironment("ELASTICSEARCH_USERNAME", "elastic")
            .WithEnvironment("ELASTICSEARCH_PASSWORD", elasticsearch.Resource.PasswordParameter)
            .WithEnvironment(context => context.EnvironmentVariables["KIBANA_SYSTEM_PASSWORD"] = password)
            // An hour: Kibana's image may still be on its way.
            .WithEnvironment("IMPORT_ATTEMPTS", "720")
            .WaitFor(elasticsearch)
            .WithParentRelationship(kibana)
            .WithAnnotation(new TaskAnnotation())
            .ExcludeFromManifest();
    }

    /// <summary>Logstash with its queue on a volume: it keeps logs while Elasticsearch is away.</summary>
    public static IResourceBuilder<ContainerResource> AddLogstash(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ElasticsearchResource> elasticsearch)
    {
        var logstash = builder.AddElastic(name, "logstash", elasticsearch)
            .WithHttpEndpoint(targetPort: 8080, name: Services.Endpoint)
            .WithBindMount("logstash/config/logstash.yml", "/usr/share/logstash/config/logstash.yml", isReadOnly: true)
            .WithBindMount("logstash/config/pipelines.yml", "/usr/share/logstash/config/pipelines.yml", isReadOnly: true)
            .WithBindMount("logstash/pipeline", "/usr/share/logstash/pipeline", isReadOnly: true)
            .WithVolume("ticketaspire-logstash-data", "/usr/share/logstash/data")
            .WithEnvironment("ELASTICSEARCH_HOSTS", elasticsearch.GetEndpoint(Services.Endpoint))
            .WithEnvironment("ELASTICSEARCH_USERNAME", "elastic")
            .WithEnvironment("ELASTICSEARCH_PASSWORD", elasticsearch.Resource.PasswordParameter)
            .WaitFor(elasticsearch);
        // Whatever the input is asked becomes a log entry, so its health is asked for elsewhere.
        return builder.ExecutionContext.IsRunMode
            ? logstash.WithHttpEndpoint(targetPort: 9600, name: "monitoring").WithHttpHealthCheck("/", endpointName: "monitoring")
            : logstash;
    }

    private static IResourceBuilder<ContainerResource> AddElastic(
        this IDistributedApplicationBuilder builder, string name, string image, IResourceBuilder<ElasticsearchResource> elasticsearch)
    {
        var version = elasticsearch.Resource.Annotations.OfType<ContainerImageAnnotation>().Last();
        return builder.AddContainer(name, $"library/{image}", version.Tag!).WithImageRegistry(version.Registry);
    }
}
