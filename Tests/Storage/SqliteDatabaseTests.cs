using Microsoft.Data.Sqlite;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Storage.Sqlite;
using Xunit;

namespace TicketAspire.Tests.Storage;

public sealed class SqliteDatabaseTests : IAsyncDisposable
{
    private readonly SqliteSite _site = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Every_connection_flushes_each_commit_waits_for_others_and_checks_references()
    {
        var database = _site.OpenDatabase();

        foreach (var pragmas in new[]
        {
            await database.ReadAsync(Pragmas, Cancellation), await database.WriteAsync(Pragmas, Cancellation),
        })
        {
            pragmas.ShouldBe(["wal", "2", "10000", "1"]);
        }

        static string[] Pragmas(SqliteConnection connection) =>
            [.. new[] { "journal_mode", "synchronous", "busy_timeout", "foreign_keys" }.Select(name => Scalar(connection, $"PRAGMA {name}"))];
    }

    [Fact]
    public async Task What_was_written_is_there_after_closing_and_opening_again()
    {
        string hash;
        await using (var database = SqliteDatabase.Open(_site.File))
        {
            hash = (await _site.Stores(database).Datasets.SaveAsync([new Example("a", "b")], Cancellation)).Hash;
        }

        (await _site.Open().Datasets.ReadAsync(hash, Cancellation)).ShouldBe([new Example("a", "b")]);
    }

    [Fact]
    public async Task What_was_acknowledged_survives_a_crash_at_that_moment()
    {
        var stores = _site.Open();
        var hash = (await stores.Datasets.SaveAsync([new Example("a", "b")], Cancellation)).Hash;
        await stores.Classifiers.PutAsync("tickets", LabelKind.Category, hash, Cancellation);
        var entry = await stores.Feedback.AddAsync(
            new FeedbackEntry { Id = 0, Classifier = "tickets", Text = "a", Label = "b", At = _site.Time.GetUtcNow() },
            null,
            Cancellation);

        // The files as a process that dies here leaves them: nothing is closed, nothing is folded back from the log.
        var copy = Path.Combine(_site.Folder, "crashed.db");
        File.Copy(_site.File, copy);
        File.Copy(_site.File + "-wal", copy + "-wal");

        await using var crashed = SqliteDatabase.Open(copy);
        (await _site.Stores(crashed).Feedback.ReadAsync("tickets", Cancellation)).ShouldBe([entry]);
    }

    [Fact]
    public async Task Many_may_open_a_new_file_at_once()
    {
        using var start = new ManualResetEventSlim();
        var databases = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.Set();
                start.Wait(Cancellation);
                return SqliteDatabase.Open(_site.File);
            },
            Cancellation,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        foreach (var database in databases)
        {
            (await _site.Stores(database).Events.LatestAsync(Cancellation)).ShouldBe(0);
            await database.DisposeAsync();
        }
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_refused_in_words()
    {
        // A file where the folder should be: refused even to root, whom permissions do not stop.
        var file = Path.Combine(_site.Folder, "file");
        File.WriteAllText(file, "");

        var error = Should.Throw<StorageException>(() => SqliteDatabase.Open(Path.Combine(file, "data", "test.db")));

        error.Message.ShouldContain("Storage:Path");
        error.Message.ShouldContain(file);
    }

    [Fact]
    public void A_folder_in_the_files_place_is_refused_in_words()
    {
        Directory.CreateDirectory(_site.File);

        Should.Throw<StorageException>(() => SqliteDatabase.Open(_site.File)).Message.ShouldContain("cannot be opened");
    }

    [Fact]
    public void A_file_without_permission_to_write_is_refused_in_words()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Permissions do not stop this user.");
        SqliteDatabase.Open(_site.File).Dispose();
        File.SetAttributes(_site.File, FileAttributes.ReadOnly);

        Should.Throw<StorageException>(() => SqliteDatabase.Open(_site.File)).Message.ShouldContain("permissions");
    }

    [Fact]
    public void A_file_that_is_not_a_database_is_refused_and_left_alone()
    {
        var file = Path.Combine(_site.Folder, "letter.db");
        var content = string.Concat(Enumerable.Repeat("Dear reader, this is not a database. ", 50));
        File.WriteAllText(file, content);

        Should.Throw<StorageException>(() => SqliteDatabase.Open(file)).Message.ShouldContain("not a database");

        File.ReadAllText(file).ShouldBe(content);
    }

    [Fact]
    public void Another_programs_database_is_refused_and_left_alone()
    {
        var file = Path.Combine(_site.Folder, "other.db");
        Execute(file, "CREATE TABLE addresses (name TEXT)");
        var before = File.ReadAllBytes(file);

        Should.Throw<StorageException>(() => SqliteDatabase.Open(file)).Message.ShouldContain("another program");

        File.ReadAllBytes(file).ShouldBe(before);
    }

    [Fact]
    public void A_newer_versions_database_is_refused()
    {
        SqliteDatabase.Open(_site.File).Dispose();
        Execute(_site.File, "PRAGMA user_version = 1000");

        Should.Throw<StorageException>(() => SqliteDatabase.Open(_site.File)).Message.ShouldContain("newer version");
    }

    [Fact]
    public async Task A_commit_is_heard_of_at_once_by_every_other_object_on_the_file_in_this_process_and_on_no_other_file()
    {
        var (database, same) = (_site.OpenDatabase(), _site.OpenDatabase());
        await using var elsewhere = new SqliteSite();
        var (heard, other) = (same.NextWrite, elsewhere.OpenDatabase().NextWrite);

        await _site.Stores(database).Datasets.SaveAsync([new Example("a", "b")], Cancellation);

        await heard.WaitAsync(Cancellation);
        other.IsCompleted.ShouldBeFalse();
        same.NextWrite.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_of_the_first_version_is_brought_up_to_date_with_all_that_is_in_it()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_site.File)!);
        using (var connection = new SqliteConnection($"Data Source={_site.File};Pooling=False"))
        {
            connection.Open();
            SqliteSchema.Upgrade(connection, _site.File, format: 1);
        }

        Execute(
            _site.File,
            """
            INSERT INTO datasets (hash, examples, labels, created_at, content) VALUES ('d', 2, '{"a":1,"b":1}', 0, x'00');
            INSERT INTO classifiers (name, label, dataset, feedback_seen, created_at) VALUES ('tickets', 'category', 'd', 7, 0);
            INSERT INTO runs (id, classifier, "trigger", state, requested_at) VALUES (1, 'tickets', 'import', 'promoted', 0), (2, 'tickets', 'feedback', 'queued', 0);
            INSERT INTO model_files (checksum, content) VALUES ('c', x'00');
            INSERT INTO models (classifier, version, state, created_at, run, lineage, size, checksum, metrics, reason) VALUES (
                'tickets', 4, 'champion', 0, 1, '{"dataset":"d","feedback_mark":7,"settings":"s","seed":1,"examples":2}', 1, 'c',
                '{"examples":0,"accuracy":0,"macro_f1":0,"calibration_error":0,"threshold":0,"target_precision":0,"coverage":0,"precision":0,"classes":[],"confusion":[]}',
                'the first');
            INSERT INTO tickets (id, classifier, text, prediction, confidence, route, model, at, label) VALUES
                ('t', 'tickets', 'printer', 'a', 0.5, 'review', 4, 0, 'b'), ('u', 'tickets', 'screen', 'a', 0.5, 'review', 4, 1, NULL);
            INSERT INTO feedback (classifier, number, ticket_id, text, label, who, at) VALUES
                ('tickets', 1, 't', 'printer', 'a', 'anna', 8), ('tickets', 2, 't', 'printer', 'b', 'ben', 9);
            """);

        var stores = _site.Open();

        var classifier = (await stores.Classifiers.FindAsync("tickets", Cancellation))!;
        (classifier.Champion, classifier.FeedbackSeen, classifier.FeedbackTried, classifier.LastVersion).ShouldBe((4, 7, 0, 4));
        (await stores.Models.FindAsync("tickets", 4, Cancellation))!.Decision.ShouldBeNull();
        var run = (await stores.Runs.ClaimAsync("one", TimeSpan.FromMinutes(1), new RetryBackoff(TimeSpan.Zero, TimeSpan.Zero), Cancellation))!;
        (run.Id, run.Attempt, run.NotBefore).ShouldBe((2, 1, null));
        (await stores.Log.SearchAsync(new TicketLogQuery { Classifier = "tickets" }, Cancellation)).Items
            .Select(ticket => (ticket.Id, ticket.Label, ticket.Who, ticket.LabelledAt?.ToUnixTimeMilliseconds()))
            .ShouldBe([("u", null, null, null), ("t", "b", "ben", 9)]);
        foreach (var query in new TicketLogQuery[] { new() { Who = "ben" }, new() { Agreed = false, Model = 4 }, new() { Label = "b" } })
        {
            (await stores.Log.SearchAsync(query, Cancellation)).Items.Select(ticket => ticket.Id).ShouldBe(["t"]);
        }
    }

    [Fact]
    public async Task Of_a_file_from_before_service_times_were_kept_the_last_of_each_model_is_known()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_site.File)!);
        using (var connection = new SqliteConnection($"Data Source={_site.File};Pooling=False"))
        {
            connection.Open();
            SqliteSchema.Upgrade(connection, _site.File, format: 6);
        }

        Execute(
            _site.File,
            """
            INSERT INTO datasets (hash, examples, labels, created_at, content) VALUES ('d', 2, '{"a":1,"b":1}', 0, x'00');
            INSERT INTO classifiers (name, label, dataset, created_at, last_version) VALUES ('tickets', 'category', 'd', 0, 4);
            INSERT INTO runs (id, classifier, "trigger", state, requested_at) VALUES (1, 'tickets', 'import', 'promoted', 0);
            INSERT INTO model_files (checksum, content) VALUES ('c', x'00');
            INSERT INTO models (classifier, version, state, created_at, run, lineage, size, checksum, metrics, reason, promoted_by, promoted_at, retired_at)
            SELECT 'tickets', value ->> 0, value ->> 1, 0, 1, '{"dataset":"d","feedback_mark":7,"settings":"s","seed":1,"examples":2}', 1, 'c',
                '{"examples":0,"accuracy":0.75,"macro_f1":0,"calibration_error":0,"threshold":0,"target_precision":0,"coverage":0,"precision":0,"classes":[],"confusion":[]}',
                '', value ->> 2, value ->> 3, value ->> 4
            FROM json_each('[[1, "champion", "the lead", 30, null], [2, "former", "retrainer", 20, 30], [3, "rejected", null, null, null], [4, "former", "retrainer", 10, null]]');
            """);

        var models = _site.Open().Models;

        var times = await models.ServiceTimesAsync("tickets", DateTimeOffset.UnixEpoch, _site.Time.GetUtcNow(), Cancellation);
        times.Select(time => (time.Model, From: time.From.ToUnixTimeMilliseconds(), To: time.To?.ToUnixTimeMilliseconds(), time.By)).ShouldBe(
            [(4, 10, 10, "retrainer"), (2, 20, 30, "retrainer"), (1, 30, null, "the lead")]);
        times.ShouldAllBe(time => time.Accuracy == 0.75);
        (await models.RollBackAsync("tickets", "ben", Cancellation))!.Version.ShouldBe(2);
        (await models.ServiceTimesAsync("tickets", DateTimeOffset.UnixEpoch, _site.Time.GetUtcNow().AddHours(1), Cancellation))
            .Select(time => time.Model).ShouldBe([4, 2, 1, 2]);
    }

    [Fact]
    public async Task A_damaged_model_file_is_refused_and_mended_by_storing_it_again()
    {
        var stores = _site.Open();
        await TrainAsync(stores);
        Execute(_site.File, "UPDATE model_files SET content = x'0102ff'");

        await Should.ThrowAsync<InvalidDataException>(() => stores.Models.ReadAsync("tickets", 1, Cancellation));

        await TrainAsync(stores);
        (await stores.Models.ReadAsync("tickets", 1, Cancellation)).ShouldBe([1, 2, 3]);
        var database = _site.OpenDatabase();
        (await database.ReadAsync(connection => Scalar(connection, "SELECT count(*) FROM model_files"), Cancellation)).ShouldBe("1");
    }

    [Theory]
    [InlineData("x'00'")]
    [InlineData("x''")]
    [InlineData("substr(content, 1, length(content) - 10)")]
    [InlineData("substr(content, 1, 12) || x'00' || substr(content, 14)")]
    [InlineData("(SELECT content FROM datasets WHERE examples = 2)")]
    public async Task A_damaged_data_set_is_refused_and_mended_by_storing_it_again(string damage)
    {
        var stores = _site.Open();
        Example[] examples = [new("the printer jams", "hardware"), new("no password", "access"), new("x", "y")];
        await stores.Datasets.SaveAsync(examples[..2], Cancellation);
        var dataset = await stores.Datasets.SaveAsync(examples, Cancellation);
        Execute(_site.File, $"UPDATE datasets SET content = {damage} WHERE examples = 3");

        await Should.ThrowAsync<InvalidDataException>(() => stores.Datasets.ReadAsync(dataset.Hash, Cancellation));

        await stores.Datasets.SaveAsync(examples, Cancellation);
        (await stores.Datasets.ReadAsync(dataset.Hash, Cancellation)).ShouldBe(examples);
    }

    [Fact]
    public async Task Old_events_are_dropped_and_the_newest_10000_are_kept()
    {
        var stores = _site.Open();
        var hash = (await stores.Datasets.SaveAsync([new Example("a", "b")], Cancellation)).Hash;
        await stores.Classifiers.PutAsync("tickets", LabelKind.Category, hash, Cancellation);
        Execute(_site.File, """
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 11000)
            INSERT INTO events (body) SELECT body FROM numbers, events WHERE id = 1
            """);

        await Task.WhenAll(Enumerable.Range(0, 300).Select(_ =>
            stores.Classifiers.SetAsync("tickets", new ClassifierSettings(), Cancellation)));

        var latest = await stores.Events.LatestAsync(Cancellation);
        latest.ShouldBe(11_301);
        var oldest = (await stores.Events.FollowAsync(0, Cancellation).TakeAsync(1, Cancellation)).Single().Id;
        oldest.ShouldBeInRange(latest - 10_300, latest - 9_999);
    }

    [Fact]
    public async Task Listening_survives_a_file_that_cannot_be_read_for_a_while()
    {
        var stores = _site.Open();
        var hash = (await stores.Datasets.SaveAsync([new Example("a", "b")], Cancellation)).Hash;
        await using var listener = stores.Events.FollowAsync(0, Cancellation).GetAsyncEnumerator(Cancellation);
        Execute(_site.File, "ALTER TABLE events RENAME TO hidden");
        var heard = listener.MoveNextAsync();
        Execute(_site.File, "ALTER TABLE hidden RENAME TO events");

        await stores.Classifiers.PutAsync("tickets", LabelKind.Category, hash, Cancellation);

        (await heard).ShouldBeTrue();
        listener.Current.Classifier.ShouldBe("tickets");
    }

    private static async Task TrainAsync(IStores stores)
    {
        var hash = (await stores.Datasets.SaveAsync([new Example("a", "b")], Cancellation)).Hash;
        await stores.Classifiers.PutAsync("tickets", LabelKind.Category, hash, Cancellation);
        await stores.Runs.RequestAsync("tickets", RunTrigger.Request, Cancellation);
        var run = await stores.Runs.ClaimAsync("one", TimeSpan.FromMinutes(1), new RetryBackoff(TimeSpan.Zero, TimeSpan.Zero), Cancellation);
        var result = new RunResult
        {
            File = new byte[] { 1, 2, 3 },
            Metrics = new ModelMetrics
            {
                Examples = 0, Accuracy = 0, MacroF1 = 0, CalibrationError = 0, Threshold = 1, TargetPrecision = 1, Coverage = 0,
                Precision = 0, Classes = [], Confusion = [],
            },
            Lineage = new ModelLineage(hash, 0, "", 1, 1),
            Promote = true,
            Reason = "first",
        };
        await stores.Runs.CompleteAsync(run!.Id, "one", result, Cancellation);
    }

    private static string Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture)!;
    }

    private static void Execute(string file, string sql)
    {
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
