using Microsoft.Extensions.Configuration;

namespace TicketAspire.AppHost.Resources;

/// <summary>Servers that are there already, and are taken as they are: <c>--redis</c>, <c>--elasticsearch</c>.</summary>
internal static class Servers
{
    public const string Redis = "redis";

    public const string Elasticsearch = "elasticsearch";

    /// <summary>The options' names, which are those of the connection strings.</summary>
    public static readonly string[] Names = [Redis, Elasticsearch];

    /// <summary>Adds a server whose connection string is configured; null if none is. When publishing there are none.</summary>
    public static IResourceBuilder<IResourceWithConnectionString>? AddServer(this IDistributedApplicationBuilder builder, string name) =>
        builder.ExecutionContext.IsRunMode && !string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(name))
            ? builder.AddConnectionString(name)
            : null;
}
