using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TicketAspire.ServiceDefaults.Secrets;

/// <summary>
/// Looks for new secrets while the service runs, and renews the sign-in. While the store is away the values before stay in use.
/// </summary>
internal sealed partial class SecretRefreshing(SecretProvider secrets, TimeProvider time, ILogger<SecretRefreshing> logger) : BackgroundService
{
    private volatile string? _problem;

    /// <summary>Why no new secrets can be had at present, and which are in use; null while all is well.</summary>
    public string? Problem => _problem;

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        secrets.Store.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        LogInUse(logger, secrets.Version, secrets.Store.Words);
        while (true)
        {
            await Task.Delay(Wait(), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await LookAsync(stoppingToken);
        }
    }

    private TimeSpan Wait()
    {
        if (_problem is not null)
        {
            // Not sooner for a renewal that is due: that is what has just failed.
            return secrets.Timing.Every < SecretTiming.LongestPause ? secrets.Timing.Every : SecretTiming.LongestPause;
        }

        return secrets.Store.RenewAfter is { } due && due < secrets.Timing.Every ? due : secrets.Timing.Every;
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            if (await secrets.RefreshAsync(cancellation))
            {
                LogChanged(logger, secrets.Version, secrets.Store.Words);
            }

            if (_problem is not null)
            {
                LogBack(logger, secrets.Store.Words);
            }

            _problem = null;
        }
        catch (SecretStoreException error)
        {
            // Once is enough until it is back.
            if (_problem is null)
            {
                LogAway(logger, error.Message, secrets.Version);
            }

            _problem = string.Create(
                CultureInfo.InvariantCulture, $"{error.Message}; the secrets that were read at {secrets.ReadAt:u} stay in use");
        }
        catch (AggregateException error)
        {
            // Thrown by who listens to the configuration; the words may quote a value, so only the kind is told.
            LogNotTaken(logger, secrets.Version, string.Join(", ", error.Flatten().InnerExceptions.Select(one => one.GetType().Name)));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The service ends.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Version {Version} of the secrets of {Store} is in use")]
    private static partial void LogInUse(ILogger logger, int? version, string store);

    [LoggerMessage(Level = LogLevel.Information, Message = "The secrets have changed: version {Version} of {Store} is in use")]
    private static partial void LogChanged(ILogger logger, int? version, string store);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}; version {Version} of the secrets stays in use")]
    private static partial void LogAway(ILogger logger, string problem, int? version);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Store} can be read again")]
    private static partial void LogBack(ILogger logger, string store);

    [LoggerMessage(Level = LogLevel.Error, Message = "Version {Version} of the secrets could not be put to use everywhere: {Kinds}. Restart the service, or correct the secret")]
    private static partial void LogNotTaken(ILogger logger, int? version, string kinds);
}
