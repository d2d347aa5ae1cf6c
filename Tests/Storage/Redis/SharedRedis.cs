using TicketAspire.Tests.Storage.Redis;
using TicketAspire.Tests.Support.Redis;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedRedis))]

namespace TicketAspire.Tests.Storage.Redis;

/// <summary>One redis-server for all contract tests; each keeps to keys of its own.</summary>
public sealed class SharedRedis : IAsyncLifetime
{
    private RedisServer? _server;

    /// <summary>The server; without redis-server the test that asks is skipped.</summary>
    public RedisServer Server
    {
        get
        {
            RedisServer.Require();
            return _server!;
        }
    }

    public async ValueTask InitializeAsync() => _server = RedisServer.IsInstalled ? await RedisServer.StartAsync() : null;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
