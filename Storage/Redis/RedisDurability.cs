using StackExchange.Redis;

namespace TicketAspire.Storage.Redis;

/// <summary>Reads the server's settings: whether it writes each change to its disk before it acknowledges it, and keeps it.</summary>
public sealed class RedisDurability(RedisStore store) : IDurability
{
    private const string Advice = "acknowledged feedback may be lost";

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
