using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace TicketAspire.ServiceDefaults.Telemetry.Rollups;

/// <summary>Keeps what a service measures.</summary>
public static class RollupRegistration
{
    /// <summary>Adds up what the service measures and writes it down every few seconds.</summary>
    /// <param name="builder">The service's builder, after <c>AddServiceDefaults</c>.</param>
    /// <param name="store">Where to: asked for when there is something to write.</param>
    /// <exception cref="InvalidOperationException">A setting makes no sense.</exception>
    public static WebApplicationBuilder AddRollups(this WebApplicationBuilder builder, Func<IServiceProvider, RollupWriter> store)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(store);
        var section = builder.Configuration.GetSection(RollupOptions.Section);
        (section.Get<RollupOptions>() ?? new RollupOptions()).Checked();
        builder.Services.Configure<RollupOptions>(section);
        builder.Services.AddSingleton<RollupCollector>();
        builder.Services.AddSingleton<RollupWriter>(services => (rollups, cancellation) => store(services)(rollups, cancellation));
        builder.Services.AddHostedService<RollupFlushing>();
        return builder;
    }
}
