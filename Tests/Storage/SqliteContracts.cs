namespace TicketAspire.Tests.Storage;

// The SQLite stores, held to the contracts.
public sealed class SqliteClassifierStoreTests() : ClassifierStoreContract(new SqliteSite());

public sealed class SqliteDatasetStoreTests() : DatasetStoreContract(new SqliteSite());

public sealed class SqliteTicketStoreTests() : TicketStoreContract(new SqliteSite());

public sealed class SqliteTicketLogTests() : TicketLogContract(new StoresLogSite(new SqliteSite()));

public sealed class SqliteFeedbackStoreTests() : FeedbackStoreContract(new SqliteSite());

public sealed class SqliteModelStoreTests() : ModelStoreContract(new SqliteSite());

public sealed class SqliteRunStoreTests() : RunStoreContract(new SqliteSite());

public sealed class SqliteShadowStoreTests() : ShadowStoreContract(new SqliteSite());

public sealed class SqliteTrainingCacheTests() : TrainingCacheContract(new SqliteSite());

public sealed class SqliteRollupStoreTests() : RollupStoreContract(new SqliteSite());

public sealed class SqliteDriftStoreTests() : DriftStoreContract(new SqliteSite());

public sealed class SqliteEventLogTests() : EventLogContract(new SqliteSite());
