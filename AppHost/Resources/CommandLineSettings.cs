using Microsoft.Extensions.Configuration;

namespace TicketAspire.AppHost.Resources;

/// <summary>Settings that are given to the app host for its services: <c>aspire run -- --Retraining:After 5</c>.</summary>
internal static class CommandLineSettings
{
    // Where they listen and keep what they have is the app host's to say.
    private static readonly string[] NotTheirs = ["Ports", "Host", "Storage"];

    /// <summary>Gives the services what the command line says of the sections in appsettings.json, and of telemetry.</summary>
    /// <param name="services">The services.</param>
    /// <param name="args">The app host's command line.</param>
    public static void GiveSettings(this IResourceBuilder<ProjectResource>[] services, string[] args)
    {
        var builder = services[0].ApplicationBuilder;
        if (!builder.ExecutionContext.IsRunMode)
        {
            return;
        }

        var sections = new ConfigurationBuilder().AddJsonFile(Path.Combine(builder.AppHostDirectory, "appsettings.json")).Build().GetChildren()
            .Select(section => section.Key)
            .Append("Telemetry")
            .Except(NotTheirs, StringComparer.OrdinalIgnoreCase)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in new ConfigurationBuilder().AddCommandLine(args).Build().AsEnumerable())
        {
            if (value is not null && sections.Contains(key.Split(ConfigurationPath.KeyDelimiter)[0]))
            {
                var variable = key.Replace(ConfigurationPath.KeyDelimiter, "__", StringComparison.Ordinal);
                Array.ForEach(services, service => service.WithEnvironment(variable, value));
            }
        }
    }
}
