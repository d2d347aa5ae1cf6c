using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TicketAspire.Storage.Elasticsearch;
using TicketAspire.Storage.Redis;
using TicketAspire.Storage.Sqlite;

namespace TicketAspire.Storage;

/// <summary>Registers the stores with a service.</summary>
public static class StorageRegistration
{
    /// <summary>Where the embedded database is unless <c>Storage:Path</c> says otherwise, relative to the current directory.</summary>
    public const string DefaultPath = "data/ticketaspire.db";

    /// <summary>The key of the <see cref="ITicketLog"/> that reads the store itself, wherever else tickets are searched.</summary>
    public const string StoresLog = "store";

    /// <summary>
    /// Registers every store as a singleton, and the system's clock unless there is a <see cref="TimeProvider"/>. What was
    /// registered before stays. The store is opened when it is first asked for, and then throws
    /// <see cref="StorageException"/> if it cannot be.
    /// </summary>
    /// <param name="services">The service's services.</param>
    /// <param name="configuration">
    /// <c>ConnectionStrings:redis</c>: the server, with <c>Storage:Redis:Prefix</c> and <c>Storage:Redis:Replicas</c>; without
    /// it <c>Storage:Path</c>: the embedded database's file. <c>ConnectionStrings:elasticsearch</c>: where tickets are searched.
    /// </param>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);

        services.TryAddSingleton(TimeProvider.System);

        // The one place where the kind of log is chosen; the stores add their own where there is none yet.
        if (ElasticsearchOptions.Uses(configuration))
        {
            services.AddElasticsearchLog(configuration);
        }

        // The one place where the kind of store is chosen: a connection string present means use that server.
        return configuration.UsesRedis() ? services.AddRedisStorage(configuration) : services.AddSqliteStorage(configuration);
    }

    /// <summary>The embedded database's file: <c>Storage:Path</c>, or <see cref="DefaultPath"/> where that is absent or blank.</summary>
    public static string PathOf(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration["Storage:Path"] is { } path && !string.IsNullOrWhiteSpace(path) ? path : DefaultPath;
    }

    private static IServiceCollection AddSqliteStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(_ => SqliteDatabase.Open(PathOf(configuration)));
        services.TryAddSingleton<IClassifierStore, SqliteClassifierStore>();
        services.TryAddSingleton<IDatasetStore, SqliteDatasetStore>();
        services.TryAddSingleton<ITicketStore, SqliteTicketStore>();
        services.TryAddSingleton<ITicketLog, SqliteTicketLog>();
        services.TryAddKeyedSingleton<ITicketLog, SqliteTicketLog>(StoresLog);
        services.TryAddSingleton<IFeedbackStore, SqliteFeedbackStore>();
        services.TryAddSingleton<IModelStore, SqliteModelStore>();
        services.TryAddSingleton<IRunStore, SqliteRunStore>();
        services.TryAddSingleton<ITrainingCache, SqliteTrainingCache>();
        services.TryAddSingleton<IShadowStore, SqliteShadowStore>();
        services.TryAddSingleton<IRollupStore, SqliteRollupStore>();
        services.TryAddSingleton<IDriftStore, SqliteDriftStore>();
        services.TryAddSingleton<IEventLog, SqliteEventLog>();
        return services;
    }
}
