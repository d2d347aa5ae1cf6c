using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TicketAspire.Tests.Support;

/// <summary>One service as it is in production, on a free port of 127.0.0.1.</summary>
public sealed class RunningService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningService(WebApplication app, CapturedLogs logs)
    {
        _app = app;
        Logs = logs;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Http = new HttpClient { BaseAddress = Address, Timeout = Eventually.Limit };
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>A client of it.</summary>
    public HttpClient Http { get; }

    /// <summary>What it logs.</summary>
    public CapturedLogs Logs { get; }

    /// <summary>The parts it is made of.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Builds the service as its program does, and starts it.</summary>
    public static async Task<RunningService> StartAsync(Func<string[], WebApplication> build, params string[] args)
    {
        // The console stays quiet: what is logged is captured.
        var app = build(["--urls=http://127.0.0.1:0", "--Logging:Console:LogLevel:Default=None", .. args]);
        try
        {
            var logs = new CapturedLogs();
            app.Services.GetRequiredService<ILoggerFactory>().AddProvider(logs);
            await app.StartAsync();
            return new RunningService(app, logs);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it as Ctrl+C does.</summary>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
