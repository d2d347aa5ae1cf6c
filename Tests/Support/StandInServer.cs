using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace TicketAspire.Tests.Support;

/// <summary>A small HTTP server on a free port of 127.0.0.1, for what stands in for a program that cannot run here.</summary>
internal static class StandInServer
{
    /// <summary>Starts it; it says nothing on the console.</summary>
    /// <param name="map">Says what it answers.</param>
    public static async Task<WebApplication> StartAsync(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        map(app);
        await app.StartAsync(HttpCalls.Cancellation);
        return app;
    }
}
