namespace TicketAspire.Tests.Storage.Redis;

// The Redis stores, held to the contracts.
public sealed class RedisClassifierStoreTests(SharedRedis redis) : ClassifierStoreContract(new RedisSite(redis));

public sealed class RedisDatasetStoreTests(SharedRedis redis) : DatasetStoreContract(new RedisSite(redis));

public sealed class RedisTicketStoreTests(SharedRedis redis) : TicketStoreContract(new RedisSite(redis));

public sealed class RedisTicketLogTests(SharedRedis redis) : TicketLogContract(new StoresLogSite(new RedisSite(redis)));

public sealed class RedisFeedbackStoreTests(SharedRedis redis) : FeedbackStoreContract(new RedisSite(redis));

public sealed class RedisModelStoreTests(SharedRedis redis) : ModelStoreContract(new RedisSite(redis));

public sealed class RedisRunStoreTests(SharedRedis redis) : RunStoreContract(new RedisSite(redis));

public sealed class RedisShadowStoreTests(SharedRedis redis) : ShadowStoreContract(new RedisSite(redis));

public sealed class RedisTrainingCacheTests(SharedRedis redis) : TrainingCacheContract(new RedisSite(redis));

public sealed class RedisRollupStoreTests(SharedRedis redis) : RollupStoreContract(new RedisSite(redis));

public sealed class RedisDriftStoreTests(SharedRedis redis) : DriftStoreContract(new RedisSite(redis));

public sealed class RedisEventLogTests(SharedRedis redis) : EventLogContract(new RedisSite(redis));
