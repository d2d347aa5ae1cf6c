using TicketAspire.Storage;
using TicketAspire.Storage.Redis;
using TicketAspire.Tests.Support;

namespace TicketAspire.Tests.Storage.Redis;

/// <summary>Keys under a prefix of their own on the shared server.</summary>
public sealed class RedisSite(SharedRedis redis) : IStoreSite
{
    private readonly string _name = $"test-{Guid.NewGuid():N}";
    private readonly List<IAsyncDisposable> _opened = [];
    private readonly string _address = redis.Server.ConnectionString;

    /// <summary>What its keys begin with.</summary>
    public string Name => _name;

    public ManualTime Time { get; } = new();

    public IStores Open()
    {
        var store = new RedisStore(_address, _name);
        var index = new RedisTicketIndex(store);
        var stores = new RedisStores(store, index, Time);
        _opened.AddRange([index, store]);
        return stores;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in _opened)
        {
            await opened.DisposeAsync();
        }
    }

    private sealed class RedisStores(RedisStore store, RedisTicketIndex index, ManualTime time) : IStores
    {
        public ManualTime Time => time;

        public IClassifierStore Classifiers { get; } = new RedisClassifierStore(store, time);

        public IDatasetStore Datasets { get; } = new RedisDatasetStore(store, time);

        public ITicketStore Tickets { get; } = new RedisTicketStore(store, index);

        public ITicketLog Log { get; } = new RedisTicketLog(index);

        public IFeedbackStore Feedback { get; } = new RedisFeedbackStore(store, time);

        public IModelStore Models { get; } = new RedisModelStore(store, time);

        public IRunStore Runs { get; } = new RedisRunStore(store, time);

        public IEventLog Events { get; } = new RedisEventLog(store);

        public IShadowStore Shadows { get; } = new RedisShadowStore(store, time);

        public ITrainingCache Cache { get; } = new RedisTrainingCache(store);

        public IRollupStore Rollups { get; } = new RedisRollupStore(store, time);

        public IDriftStore Drift { get; } = new RedisDriftStore(store);
    }
}
