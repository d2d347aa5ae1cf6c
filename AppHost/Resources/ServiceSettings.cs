using Microsoft.Extensions.Configuration;
using TicketAspire.ServiceDefaults.Settings;

namespace TicketAspire.AppHost.Resources;

/// <summary>Settings that are given to the app host for its services: <c>dotnet run --project AppHost -- --Retraining:After 5</c>.</summary>
internal static class ServiceSettings
{
    /// <summary>
    /// Gives the services what the command line and AppHost/appsettings.json say of what they do. Where they listen and keep
    /// what they have is the app host's to say; the variables of its own process are theirs anyway.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="args">The app host's command line.</param>
    public static void GiveSettings(this IResourceBuilder<ProjectResource>[] services, string[] args)
    {
        var builder = services[0].ApplicationBuilder;
        if (!builder.ExecutionContext.IsRunMode)
        {
            return;
        }

        var settings = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(builder.AppHostDirectory, "appsettings.json"), optional: true)
            .AddCommandLine(args)
            .Build()
            .AsEnumerable();
        foreach (var (key, given) in settings)
        {
            if (given is null || KnownSettings.OfServices.Find(key) is not { } setting)
            {
                continue;
            }

            var variable = key.Replace(ConfigurationPath.KeyDelimiter, "__", StringComparison.Ordinal);
            // Variables go before the file, as everywhere.
            var value = builder.Configuration[key] ?? given;
            if (setting.Form == SettingForm.Secret)
            {
                // Masked on the dashboard.
                var secret = builder.AddParameter(key.Replace(':', '-').ToLowerInvariant(), value, secret: true);
                Array.ForEach(services, service => service.WithEnvironment(variable, secret));
                continue;
            }

            // Each service is started in its own folder: relative to the repository, as the database is.
            var text = setting.Form == SettingForm.File ? Path.GetFullPath(value, Path.GetDirectoryName(builder.AppHostDirectory)!) : value;
            Array.ForEach(services, service => service.WithEnvironment(variable, text));
        }
    }
}
