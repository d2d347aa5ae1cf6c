using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using TicketAspire.ServiceDefaults.Health;
using TicketAspire.ServiceDefaults.Limits;
using TicketAspire.ServiceDefaults.Logging;
using TicketAspire.ServiceDefaults.Secrets;
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.ServiceDefaults.Starting;
using TicketAspire.ServiceDefaults.Telemetry;

namespace TicketAspire.ServiceDefaults;

/// <summary>What every service shares: where it listens, how it logs, what it bears, how it says that it is well.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>
    /// Options for <see cref="WebApplication.CreateBuilder(WebApplicationOptions)"/>: a service finds its files beside its
    /// assembly, so that it can also be started in another program's process.
    /// </summary>
    public static WebApplicationOptions Options(string[] args, string applicationName) => new()
    {
        Args = args,
        ApplicationName = applicationName,
        ContentRootPath = AppContext.BaseDirectory,
    };

    /// <summary>Adds the shared services and settings.</summary>
    /// <param name="builder">The service's builder.</param>
    /// <param name="name">The service's name in addresses and logs: <c>api</c>, <c>inference</c>, ...</param>
    /// <param name="defaultPort">Where it listens if neither <c>urls</c>, <c>http_ports</c> nor <c>Ports:{name}</c> is configured.</param>
    /// <exception cref="InvalidOperationException">A setting is not what it must be.</exception>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder, string name, int defaultPort)
    {
        builder.AddSecrets(name);
        KnownSettings.Check(builder.Configuration);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new ServiceIdentity(name));
        builder.Services.AddSingleton<ClassifierDefaults>();
        builder.Listen(name, defaultPort);
        var state = new StartState();
        builder.Services.AddSingleton(state);
        builder.Logging.AddServiceLogging(builder.Configuration, builder.Environment, state);
        builder.Services.AddSingleton<IStartupFilter, RequestLog>();
        builder.AddTelemetry(name);
        builder.Services.AddHealthChecks();
        builder.Services.AddLoadLimit(builder.Configuration);
        // A parameter of the wrong form is answered like any other bad input.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        // Kubernetes and Ctrl+C alike: requests in flight get this long to finish.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(10));
        return builder;
    }

    /// <summary>Puts the shared parts into the pipeline: the load limit, and <c>/health</c>, <c>/ready</c> and <c>/alive</c>.</summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        app.UseRouting();
        app.UseRateLimiter();
        app.MapHealth();
        var state = app.Services.GetRequiredService<StartState>();
        app.Lifetime.ApplicationStarted.Register(() => state.HasStarted = true);
        return app;
    }

    private static void Listen(this WebApplicationBuilder builder, string name, int defaultPort)
    {
        var configuration = builder.Configuration;
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = configuration.GetValue("Limits:RequestBytes", LimitDefaults.RequestBytes);
        });
        // ASPNETCORE_URLS and ASPNETCORE_HTTP_PORTS are what Aspire, containers and Aspirate set: they go first.
        if (configuration["urls"] is null && configuration["http_ports"] is null && configuration["https_ports"] is null)
        {
            var host = configuration["Host"] ?? "localhost";
            var port = configuration.GetValue($"Ports:{name}", defaultPort);
            if (port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
            {
                throw new InvalidOperationException($"Ports:{name} is {port}; a port is a number from 0 to 65535.");
            }

            // "localhost" cannot be bound to any free port, as that may differ between IPv4 and IPv6.
            builder.WebHost.UseUrls($"http://{(port == 0 && host == "localhost" ? IPAddress.Loopback.ToString() : host)}:{port}");
        }
    }

    private static void AddServiceLogging(
        this ILoggingBuilder logging, ConfigurationManager configuration, IHostEnvironment environment, StartState state)
    {
        logging.ClearProviders();
        // A person reads the one, a log collector the other.
        var format = configuration["Logging:Console:FormatterName"] ?? (environment.IsDevelopment() ? PlainConsole.Name : EcsConsole.Name);
        logging.AddConsole(console => console.FormatterName = format)
            .AddConsoleFormatter<PlainConsole, ConsoleFormatterOptions>()
            .AddConsoleFormatter<EcsConsole, ConsoleFormatterOptions>();
        // Each request, each feedback: for Elasticsearch and its like, too many for a console.
        logging.AddFilter<ConsoleLoggerProvider>(ActivityLog.Category, LogLevel.None);
        // Quiet unless configured otherwise: what the framework does is no news.
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        // What goes wrong at the start is told in one line by whoever starts the service, not with a stack.
        logging.AddFilter("Microsoft.Extensions.Hosting", level => level >= LogLevel.Warning && state.HasStarted);
        // Clients that go away in the middle of an answer are no event of the service.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Connections", LogLevel.Error);
        // A service that waits for its first model is no error; who asks is told the reason in the answer.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        logging.AddConfiguration(configuration.GetSection("Logging"));
    }
}

/// <summary>Which service this is.</summary>
/// <param name="Name">Its name in addresses and logs.</param>
public sealed record ServiceIdentity(string Name);
