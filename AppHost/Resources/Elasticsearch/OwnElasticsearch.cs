using Microsoft.Extensions.DependencyInjection;

namespace TicketAspire.AppHost.Resources.Elasticsearch;

/// <summary>Elasticsearch as a container that we describe: the official image (elastic.co/docs, "Run Elasticsearch in Docker").</summary>
internal static class OwnElasticsearch
{
    private const string Tag = "8.17.3";

    /// <summary>Adds a single node that keeps what it has on a volume.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="password">The password of <c>elastic</c>.</param>
    /// <param name="volume">The volume's name.</param>
    public static IResourceBuilder<OwnElasticsearchResource> Add(
        IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> password, string volume)
    {
        var resource = new OwnElasticsearchResource(name, password.Resource);
        var check = $"{name}_check";
        builder.Services.AddHealthChecks().AddCheck(check, new ElasticsearchCheck(resource));
        return builder.AddResource(resource)
            .WithImage("library/elasticsearch", Tag)
            .WithImageRegistry("docker.io")
            .WithHttpEndpoint(targetPort: 9200, name: Services.Endpoint)
            .WithEndpoint(targetPort: 9300, name: "internal")
            .WithEnvironment("discovery.type", "single-node")
            .WithEnvironment("xpack.security.enabled", "true")
            .WithEnvironment("ELASTIC_PASSWORD", password)
            .WithVolume(volume, "/usr/share/elasticsearch/data")
            .WithHealthCheck(check);
    }
}
