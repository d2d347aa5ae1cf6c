using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TicketAspire.AppHost.Resources;

namespace TicketAspire.AppHost.Starting;

/// <summary>
/// Watches the services until the system is ready: one that ends by itself before has something to say that a person must
/// read (a wrong setting, a folder that cannot be written), and the app host ends with it. Later the dashboard shows it.
/// </summary>
internal sealed class StartWatch
{
    private volatile bool _ready;

    /// <summary>Why the system cannot start; null if nothing is known against it.</summary>
    public string? Problem { get; private set; }

    /// <summary>The system is ready: what ends from now on does not end the app host.</summary>
    public void End() => _ready = true;

    /// <summary>Begins to watch.</summary>
    /// <param name="services">The app host's.</param>
    /// <param name="stopping">Ends it.</param>
    public void Begin(IServiceProvider services, CancellationToken stopping) => _ = WatchAsync(services, stopping);

    private async Task WatchAsync(IServiceProvider services, CancellationToken stopping)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            await foreach (var change in services.GetRequiredService<ResourceNotificationService>().WatchAsync(stopping))
            {
                if (_ready)
                {
                    return;
                }

                if (change.Resource is ContainerResource && HasEnded(change) && told.Add(change.ResourceId))
                {
                    await Console.Error.WriteLineAsync($"  Warning    {change.Resource.Name} does not run, and what needs it waits: the dashboard shows why");
                }

                // One that a person stops on the dashboard ends with 0.
                if (change.Resource is ProjectResource && change.Snapshot.ExitCode is not 0 && HasEnded(change))
                {
                    Problem = await ReasonAsync(services.GetRequiredService<ResourceLoggerService>(), change);
                    services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The app host stops.
        }
    }

    // A task that is done is no loss.
    private static bool HasEnded(ResourceEvent change) =>
        KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text)
        && !(change.Snapshot.ExitCode == 0 && change.Resource.Annotations.OfType<TaskAnnotation>().Any());

    // A service's last words on standard error are why it cannot start.
    private static async Task<string> ReasonAsync(ResourceLoggerService logs, ResourceEvent change)
    {
        var last = string.Empty;
        try
        {
            await foreach (var batch in logs.GetAllAsync(change.ResourceId))
            {
                last = batch.LastOrDefault(line => line.IsErrorMessage && line.Content.Length > 0).Content ?? last;
            }
        }
        catch (Exception)
        {
            // That it has ended is the point; its words are on the dashboard.
        }

        // The orchestrator puts the time before each line.
        var words = last.IndexOf(' ', StringComparison.Ordinal) is > 0 and var blank
            && DateTimeOffset.TryParse(last.AsSpan(0, blank), System.Globalization.CultureInfo.InvariantCulture, out _)
                ? last[(blank + 1)..]
                : last;
        return words.Length > 0 ? words : $"{change.Resource.Name} ended with exit code {change.Snapshot.ExitCode} before the system was ready";
    }
}
