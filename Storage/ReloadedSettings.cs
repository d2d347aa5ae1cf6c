using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Primitives;

namespace TicketAspire.Storage;

/// <summary>Puts settings to use that change while a service runs: credentials that were replaced.</summary>
internal static partial class ReloadedSettings
{
    /// <summary>Has them used after each change, until it is disposed of. Those that make no sense are told and not used.</summary>
    /// <param name="configuration">What changes.</param>
    /// <param name="services">For a warning.</param>
    /// <param name="use">Reads and uses them; called whatever has changed.</param>
    public static IDisposable Follow(IConfiguration configuration, IServiceProvider services, Action use)
    {
        var logger = services.GetService<ILoggerFactory>()?.CreateLogger(typeof(ReloadedSettings)) ?? NullLogger.Instance;
        return ChangeToken.OnChange(configuration.GetReloadToken, () =>
        {
            try
            {
                use();
            }
            catch (StorageException error)
            {
                // Its words quote no secret.
                LogRefused(logger, error.Message);
            }
        });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Changed settings are not used, those before stay: {Problem}")]
    private static partial void LogRefused(ILogger logger, string problem);
}
