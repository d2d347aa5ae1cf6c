#if NUGETORG
global using ElasticsearchResource = Aspire.Hosting.ApplicationModel.ElasticsearchResource;
#else
global using ElasticsearchResource = TicketAspire.AppHost.Resources.Elasticsearch.OwnElasticsearchResource;
#endif

namespace TicketAspire.AppHost.Resources.Elasticsearch;

/// <summary>
/// Which adapter describes Elasticsearch in this build: ours, or Elastic's package where the build has it
/// (<c>NuGetOrg=true</c>). The resources are alike but for the version of the image.
/// </summary>
internal static class ElasticsearchAdapter
{
    /// <summary>Adds a single node that keeps what it has on a volume; its connection string is <c>http://elastic:password@host:port</c>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="password">The password of <c>elastic</c>.</param>
    /// <param name="volume">The volume's name.</param>
    public static IResourceBuilder<ElasticsearchResource> AddElasticsearchNode(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> password, string volume) =>
#if NUGETORG
        PackageElasticsearch.Add(builder, name, password, volume);
#else
        OwnElasticsearch.Add(builder, name, password, volume);
#endif
}
