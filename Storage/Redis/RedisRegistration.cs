using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace TicketAspire.Storage.Redis;

/// <summary>Registers the stores that are kept in Redis.</summary>
public static class RedisRegistration
{
    /// <summary>The connection string's name: <c>ConnectionStrings:redis</c>.</summary>
    public const string ConnectionStringName = "redis";

    /// <summary>True if a connection string of Redis is configured.</summary>
    public static bool UsesRedis(this IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration.GetConnectionString(ConnectionStringName));

    /// <summary>Keeps the keys of data protection in Redis, so that all replicas have the same.</summary>
    /// <param name="protection">What is to be configured.</param>
    /// <param name="configuration">As of <see cref="StorageRegistration.AddStorage"/>.</param>
    public static IDataProtectionBuilder PersistKeysToRedis(this IDataProtectionBuilder protection, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(protection);
        protection.Services.AddRedis(configuration).AddSingleton<RedisKeyRing>();
        protection.Services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(services =>
            new ConfigureOptions<KeyManagementOptions>(options => options.XmlRepository = services.GetRequiredService<RedisKeyRing>()));
        return protection;
    }

    internal static IServiceCollection AddRedisStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddRedis(configuration);
        services.TryAddSingleton<IClassifierStore, RedisClassifierStore>();
        services.TryAddSingleton<IDatasetStore, RedisDatasetStore>();
        services.TryAddSingleton<RedisTicketIndex>();
        services.TryAddSingleton<ITicketStore, RedisTicketStore>();
        services.TryAddSingleton<ITicketLog, RedisTicketLog>();
        services.TryAddKeyedSingleton<ITicketLog, RedisTicketLog>(StorageRegistration.StoresLog);
        services.TryAddSingleton<IFeedbackStore, RedisFeedbackStore>();
        services.TryAddSingleton<IModelStore, RedisModelStore>();
        services.TryAddSingleton<IRunStore, RedisRunStore>();
        services.TryAddSingleton<ITrainingCache, RedisTrainingCache>();
        services.TryAddSingleton<IShadowStore, RedisShadowStore>();
        services.TryAddSingleton<IRollupStore, RedisRollupStore>();
        services.TryAddSingleton<IDriftStore, RedisDriftStore>();
        services.TryAddSingleton<IEventLog, RedisEventLog>();
        services.TryAddSingleton<IDurability, RedisDurability>();
        return services;
    }

    private static IServiceCollection AddRedis(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(provider =>
        {
            var store = new RedisStore(
                configuration.GetConnectionString(ConnectionStringName)!,
                configuration["Storage:Redis:Prefix"] is { Length: > 0 } name ? name : RedisStore.DefaultName,
                configuration.GetValue("Storage:Redis:Replicas", 0));
            store.Follow(configuration, provider);
            return store;
        });
        return services;
    }
}
