using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace TicketAspire.Storage.Elasticsearch;

/// <summary>Registers the ticket log that is kept in Elasticsearch.</summary>
public static class ElasticsearchRegistration
{
    /// <summary>
    /// Adds the <see cref="ITicketRecorder"/>, its health check and <see cref="TicketReindexing"/>, where Elasticsearch is configured; else nothing. For the one
    /// service that records tickets.
    /// </summary>
    /// <param name="services">The service's services, to which the stores are added.</param>
    /// <param name="configuration">As of <see cref="StorageRegistration.AddStorage"/>.</param>
    /// <param name="dropped">Makes what hears how many tickets or labels were dropped; it must not wait.</param>
    public static IServiceCollection AddTicketRecorder(
        this IServiceCollection services, IConfiguration configuration, Func<IServiceProvider, Action<long>> dropped)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (!ElasticsearchOptions.Uses(configuration))
        {
            return services;
        }

        services.TryAddSingleton(new TicketWriting());
        services.AddSingleton(provider => new ElasticsearchTicketRecorder(
            provider.GetRequiredService<ElasticsearchConnection>(),
            provider.GetRequiredService<TicketWriting>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>(),
            dropped(provider)));
        services.AddSingleton(provider => new TicketReindexing(
            provider.GetRequiredService<ElasticsearchConnection>(),
            provider.GetRequiredKeyedService<ITicketLog>(StorageRegistration.StoresLog),
            provider.GetRequiredService<TicketWriting>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<ITicketRecorder>(provider => provider.GetRequiredService<ElasticsearchTicketRecorder>());
        services.AddHostedService(provider => provider.GetRequiredService<ElasticsearchTicketRecorder>());
        services.AddHealthChecks().AddCheck<ElasticsearchCheck>("elasticsearch");
        return services;
    }

    internal static IServiceCollection AddElasticsearchLog(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(provider =>
        {
            var connection = new ElasticsearchConnection(ElasticsearchOptions.From(configuration));
            connection.Follow(configuration, provider);
            return connection;
        });
        services.TryAddSingleton<ITicketLog, ElasticsearchTicketLog>();
        return services;
    }
}
