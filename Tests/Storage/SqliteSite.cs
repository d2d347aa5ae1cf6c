using TicketAspire.Storage;
using TicketAspire.Storage.Sqlite;
using TicketAspire.Tests.Support;

namespace TicketAspire.Tests.Storage;

/// <summary>A SQLite file in a folder of its own under the temporary folder.</summary>
public sealed class SqliteSite : IStoreSite
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("storage-tests-");
    private readonly List<SqliteDatabase> _databases = [];

    public ManualTime Time { get; } = new();

    public string Folder => _folder.FullName;

    public string File => Path.Combine(Folder, "data", "test.db");

    public SqliteDatabase OpenDatabase()
    {
        var database = SqliteDatabase.Open(File);
        _databases.Add(database);
        return database;
    }

    public IStores Open() => Stores(OpenDatabase());

    public IStores Stores(SqliteDatabase database) => new SqliteStores(database, Time);

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
        {
            await database.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private sealed class SqliteStores(SqliteDatabase database, ManualTime time) : IStores
    {
        public ManualTime Time => time;

        public IClassifierStore Classifiers { get; } = new SqliteClassifierStore(database, time);

        public IDatasetStore Datasets { get; } = new SqliteDatasetStore(database, time);

        public ITicketStore Tickets { get; } = new SqliteTicketStore(database);

        public ITicketLog Log { get; } = new SqliteTicketLog(database);

        public IFeedbackStore Feedback { get; } = new SqliteFeedbackStore(database, time);

        public IModelStore Models { get; } = new SqliteModelStore(database, time);

        public IRunStore Runs { get; } = new SqliteRunStore(database, time);

        public IEventLog Events { get; } = new SqliteEventLog(database);

        public IShadowStore Shadows { get; } = new SqliteShadowStore(database, time);

        public ITrainingCache Cache { get; } = new SqliteTrainingCache(database, time);

        public IRollupStore Rollups { get; } = new SqliteRollupStore(database, time);

        public IDriftStore Drift { get; } = new SqliteDriftStore(database);
    }
}
