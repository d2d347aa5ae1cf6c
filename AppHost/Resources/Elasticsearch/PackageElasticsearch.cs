namespace TicketAspire.AppHost.Resources.Elasticsearch;

/// <summary>Elasticsearch as Elastic's own package (Aspire.Hosting.Elasticsearch) describes it.</summary>
internal static class PackageElasticsearch
{
    /// <inheritdoc cref="OwnElasticsearch.Add"/>
    public static IResourceBuilder<global::Aspire.Hosting.ApplicationModel.ElasticsearchResource> Add(
        IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> password, string volume) =>
        builder.AddElasticsearch(name, password).WithDataVolume(volume);
}
