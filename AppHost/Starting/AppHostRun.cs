using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TicketAspire.AppHost.Resources;
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.ServiceDefaults.Starting;

namespace TicketAspire.AppHost.Starting;

/// <summary>Runs the app host. A start that fails is told in one line.</summary>
internal static class AppHostRun
{
    private static readonly string[] Quiet = ["Aspire.Hosting", "Microsoft"];

    /// <summary>Composes the application and runs it until it is stopped; or publishes it.</summary>
    /// <param name="args">The command line; as of <see cref="Usage"/>.</param>
    /// <param name="compose">Adds the resources; whether there are to be containers is known then.</param>
    /// <returns>The exit code: 0 when it was stopped, 1 where it cannot start.</returns>
    public static async Task<int> StartAsync(string[] args, Action<IDistributedApplicationBuilder, AppHostOptions> compose)
    {
        if (args.Any(argument => argument is "--help" or "-h" or "-?"))
        {
            Console.WriteLine(Usage.Text);
            return 0;
        }

        try
        {
            var options = AppHostOptions.Read(args);
            var builder = DistributedApplication.CreateBuilder(options.Settings);
            // What can be known to be wrong is told before anything is started.
            KnownSettings.Check(builder.Configuration);
            Dashboard.Listen(builder);
            var containers = builder.ExecutionContext.IsPublishMode
                || (options.Containers ?? await ContainerEngine.AnswersAsync(ContainerEngine.Chosen(builder.Configuration), CancellationToken.None));
            compose(builder, options with { Containers = containers });
            var watch = builder.ExecutionContext.IsRunMode ? Prepare(builder, options) : null;
            var manifest = builder.ExecutionContext.IsPublishMode ? ManifestWriting.Target(builder.Configuration) : null;
            var before = manifest is { Exists: true } ? manifest.LastWriteTimeUtc : (DateTime?)null;
            await using var application = builder.Build();
            await application.RunAsync();
            if (manifest is not null)
            {
                ManifestWriting.Require(manifest, before);
            }

            return watch?.Problem is { } problem ? throw new StartException(problem) : 0;
        }
        catch (DistributedApplicationException exception)
        {
            await Console.Error.WriteLineAsync($"TicketAspire cannot start: {exception.Message}");
            return 1;
        }
        catch (Exception exception) when (StartProblem.Of("TicketAspire", exception) is { } problem)
        {
            await Console.Error.WriteLineAsync(problem);
            return 1;
        }
    }

    private static StartWatch Prepare(IDistributedApplicationBuilder builder, AppHostOptions options)
    {
        // What a person wants to know is said by ourselves.
        foreach (var category in Quiet.Where(category => builder.Configuration[$"Logging:LogLevel:{category}"] is null))
        {
            builder.Services.AddLogging(logging => logging.AddFilter(category, LogLevel.Warning));
        }

        // Started anew at once, it finds its ports free: it ends after its services.
        builder.Configuration["DcpPublisher:WaitForResourceCleanup"] ??= "true";
        // No look for other versions of Aspire, which takes a core at the start.
        builder.Configuration["ASPIRE_VERSION_CHECK_DISABLED"] ??= "true";
        var watch = new StartWatch();
        var page = Dashboard.PageAsync(builder);
        builder.Eventing.Subscribe<BeforeStartEvent>(async (start, cancellation) =>
        {
            if (options.Containers == true && !await ContainerEngine.AnswersAsync(ContainerEngine.Chosen(builder.Configuration), cancellation))
            {
                throw new StartException(
                    $"No container engine: {(ContainerEngine.Chosen(builder.Configuration) is { } chosen ? $"{chosen} does not answer" : "neither docker nor podman answers")}. Start one, or run without: --no-containers");
            }

            PortCheck.RequireFree(start.Model, builder.Configuration);
            await ServerCheck.RequireAsync(start.Model, cancellation);
            var stopping = start.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            watch.Begin(start.Services, stopping);
            _ = new StartConsole(
                start.Model, page, OneFile.Path(builder), builder.Configuration.GetValue("Retraining:StarterData", defaultValue: true)).FollowAsync(watch, stopping);
        });
        return watch;
    }
}
