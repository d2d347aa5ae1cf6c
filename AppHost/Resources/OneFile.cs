namespace TicketAspire.AppHost.Resources;

/// <summary>The SQLite file that all services share where there is no Redis server.</summary>
internal static class OneFile
{
    /// <summary>Its path: <c>Storage:Path</c>, relative to the repository whatever the folder that this was started in.</summary>
    public static string Path(IDistributedApplicationBuilder builder) => System.IO.Path.GetFullPath(
        builder.Configuration["Storage:Path"] ?? "data/ticketaspire.db", System.IO.Path.GetDirectoryName(builder.AppHostDirectory)!);

    /// <summary>The service keeps what it has there.</summary>
    public static IResourceBuilder<ProjectResource> WithOneFile(this IResourceBuilder<ProjectResource> service) =>
        service.WithEnvironment("Storage__Path", Path(service.ApplicationBuilder));
}
