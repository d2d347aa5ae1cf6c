using System.Text.Json;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Redis;

/// <summary>Drift reports in Redis: a hash for each classifier.</summary>
public sealed class RedisDriftStore(RedisStore store) : IDriftStore
{
    /// <inheritdoc/>
    public async Task<DriftReport?> FindAsync(string classifier, CancellationToken cancellation) =>
        (string?)await store.AskAsync(database => database.HashGetAsync(store.Key("drift", classifier), "report"), cancellation) is { } report
            ? JsonSerializer.Deserialize(report, ContractsJson.Default.DriftReport)
            : null;

    /// <inheritdoc/>
    public async Task<bool> SaveAsync(DriftReport report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(report);
        var change = new ServiceEvent
        {
            Type = EventTypes.Drift,
            Classifier = report.Classifier,
            At = DateTimeOffset.FromUnixTimeMilliseconds(report.At.ToUnixTimeMilliseconds()),
            Model = report.Model,
            Drift = report.State,
        };
        var changed = (long)await store.RunAsync(
            """
            local name, at, alert, report, change = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
            local k = key('drift', name)
            if redis.call('EXISTS', key('classifier', name)) == 0 then return -1 end
            if number(k, 'at') > tonumber(at) then return 0 end
            local before = field(k, 'alert') or '0'
            redis.call('HSET', k, 'at', at, 'alert', alert, 'report', report)
            if before == alert then return 0 end
            event('drift', name, at, 'body', change)
            return 1
            """,
            cancellation,
            report.Classifier, RedisStore.Milliseconds(report.At), report.State == DriftState.Drifted ? "1" : "0",
            JsonSerializer.Serialize(report, ContractsJson.Default.DriftReport),
            JsonSerializer.Serialize(change, ContractsJson.Default.ServiceEvent));
        return changed >= 0 ? changed == 1 : throw new KeyNotFoundException($"There is no classifier '{report.Classifier}'.");
    }
}
