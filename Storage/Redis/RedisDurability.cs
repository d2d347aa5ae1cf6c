using StackExchange.Redis;

namespace TicketAspire.Storage.Redis;

/// <summary>Reads the server's settings: whether it writes each change to its disk before it acknowledges it, and keeps it.</summary>
public sealed class RedisDurability(RedisStore store) : IDurability
{
    private const string Advice = "acknowledged feedback may be lost";

    /// <summary>Looks whether a server answers, for whoever is about to start something on it.</summary>
    /// <param name="connectionString">As of <see cref="RedisConnection"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Its address without credentials, and what <see cref="DoubtAsync"/> says of it.</returns>
    /// <exception cref="StorageException">It does not, or refuses; or that is no connection string.</exception>
    public static async Task<(string Address, string? Doubt)> LookAsync(string connectionString, CancellationToken cancellation)
    {
        await using var store = new RedisStore(connectionString);
        await store.AskAsync(database => database.PingAsync(), cancellation);
        return (store.Connection.Address, await new RedisDurability(store).DoubtAsync(cancellation));
    }

    /// <inheritdoc/>
    public async Task<string?> DoubtAsync(CancellationToken cancellation)
    {
        try
        {
            return await SettingAsync("appendonly", cancellation) != "yes"
                ? $"Redis has no append-only file (appendonly yes): {Advice}"
                : await SettingAsync("appendfsync", cancellation) is var sync and not "always"
                    ? $"Redis writes its append-only file later (appendfsync {sync}, not always): {Advice}"
                    : await SettingAsync("maxmemory", cancellation) != "0"
                        && await SettingAsync("maxmemory-policy", cancellation) is var policy and not "noeviction"
                        && !policy.StartsWith("volatile-", StringComparison.Ordinal)
                            ? $"Redis drops keys when it is full (maxmemory-policy {policy}, not noeviction): {Advice}"
                            : null;
        }
        catch (StorageException error) when (error.InnerException is RedisServerException)
        {
            // Hosted servers keep their settings to themselves.
            return $"Redis does not tell its settings (CONFIG GET): whether {Advice} is not known";
        }
    }

    private async Task<string> SettingAsync(string name, CancellationToken cancellation)
    {
        var answer = await store.AskAsync(database => database.ExecuteAsync("CONFIG", "GET", name), cancellation);
        return (RedisValue[]?)answer is [_, var value] ? value.ToString() : string.Empty;
    }
}
