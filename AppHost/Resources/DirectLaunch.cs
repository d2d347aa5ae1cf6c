using System.Reflection;

namespace TicketAspire.AppHost.Resources;

/// <summary>How the orchestrator starts a service: the program that is built, and nothing between.</summary>
internal static class DirectLaunch
{
    /// <summary>
    /// Starts the service's assembly by <c>dotnet exec</c>. Aspire's own way is <c>dotnet run --no-build</c>, a second process
    /// for each replica that looks for the first for a second and then holds 130 MB. An IDE that debugs starts it in its own
    /// way, as do <c>dotnet watch</c> and the orchestrator where the assembly is not where a build puts it.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithDirectLaunch(this IResourceBuilder<ProjectResource> service)
    {
        var project = service.Resource.GetProjectMetadata().ProjectPath;
        // The folder below bin/ is the same for all projects of a build.
        var output = typeof(DirectLaunch).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "OutputFolder").Value!;
        var assembly = Path.Combine(Path.GetDirectoryName(project)!, output, Path.ChangeExtension(Path.GetFileName(project), ".dll"));
        return File.Exists(assembly) && string.IsNullOrEmpty(service.ApplicationBuilder.Configuration["DOTNET_WATCH"])
            ? service.WithLaunchToolArgs(
                context =>
                {
                    context.Args.Add("exec");
                    context.Args.Add(assembly);
                },
                ownedByLaunchConfigurationType: "project",
                showInCommandLine: false)
            : service;
    }
}
