namespace TicketAspire.AppHost.Resources;

/// <summary>How Redis and Elasticsearch are set up beyond what their packages do.</summary>
internal static class Stores
{
    private static readonly string[] AppendOnly = ["--appendonly", "yes", "--appendfsync", "always"];

    /// <summary>
    /// What Redis has acknowledged is on disk. Without encryption on the way: Aspire's would be by the development certificate, which
    /// not every machine trusts, and the way does not leave the machine.
    /// </summary>
    public static IResourceBuilder<RedisResource> WithAppendOnlyFile(this IResourceBuilder<RedisResource> redis) =>
        redis.WithoutHttpsCertificate().WithArgs(context =>
        {
            if (context.ExecutionContext.IsRunMode)
            {
                foreach (var word in AppendOnly)
                {
                    context.Args.Add(word);
                }
            }
            else
            {
                // Published, the command is one string for the shell.
                context.Args[^1] = string.Join(' ', [context.Args[^1], .. AppendOnly]);
            }
        });

    /// <summary>Elasticsearch would take half of the memory that it sees; on a developer's machine this is enough.</summary>
    /// <param name="elasticsearch">The resource.</param>
    /// <param name="size">As Java takes it: <c>1g</c>.</param>
    public static IResourceBuilder<ElasticsearchResource> WithHeap(this IResourceBuilder<ElasticsearchResource> elasticsearch, string size) =>
        elasticsearch.ApplicationBuilder.ExecutionContext.IsRunMode
            ? elasticsearch.WithEnvironment("ES_JAVA_OPTS", $"-Xms{size} -Xmx{size}")
            : elasticsearch;

    /// <summary>
    /// A secret that is made up at the first start and kept in the user's secrets: the stores keep the one that they were first
    /// started with. Letters and digits, since some end up in addresses.
    /// </summary>
    public static IResourceBuilder<ParameterResource> AddGeneratedSecret(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddParameter(name, new GenerateParameterDefault { MinLength = 22, Special = false }, secret: true, persist: true);
}
