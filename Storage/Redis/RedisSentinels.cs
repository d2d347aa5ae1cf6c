using System.Net;
using StackExchange.Redis;

namespace TicketAspire.Storage.Redis;

/// <summary>Asks sentinels which server is the master at present.</summary>
internal sealed class RedisSentinels(RedisAddress address) : IAsyncDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private ConnectionMultiplexer? _sentinels;

    /// <summary>The master, by the first sentinel that knows it.</summary>
    /// <exception cref="StorageException">None does.</exception>
    public async Task<EndPoint> MasterAsync(CancellationToken cancellation)
    {
        var sentinels = await ConnectAsync(cancellation);
        foreach (var sentinel in sentinels.GetEndPoints().Select(point => sentinels.GetServer(point)))
        {
            try
            {
                if (await sentinel.SentinelGetMasterAddressByNameAsync(address.Service!)
                    .WaitAsync(RedisConnection.Patience, cancellation) is { } master)
                {
                    return master;
                }
            }
            catch (Exception error) when (error is RedisException or TimeoutException)
            {
                // The next one, then.
            }
        }

        throw new StorageException($"No sentinel at {address.Words} knows the master of '{address.Service}'");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_sentinels is not null)
        {
            await _sentinels.CloseAsync();
        }

        _one.Dispose();
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            if (_sentinels is null)
            {
                var options = address.Options.Clone();
                options.CommandMap = CommandMap.Sentinel;
                options.TieBreaker = string.Empty;
                options.DefaultDatabase = null;
                _sentinels = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(RedisConnection.Patience, cancellation);
            }

            return _sentinels;
        }
        finally
        {
            _one.Release();
        }
    }
}
