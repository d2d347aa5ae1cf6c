using Microsoft.Data.Sqlite;
using Shouldly;
using SQLitePCL;
using TicketAspire.Storage;
using TicketAspire.Storage.Sqlite;
using Xunit;

namespace TicketAspire.Tests.Storage;

/// <summary>The writer: what waits is committed together, what fails fails alone.</summary>
public sealed class SqliteWriterTests : IAsyncDisposable
{
    private readonly SqliteSite _site = new();
    private readonly SqliteDatabase _database;

    public SqliteWriterTests()
    {
        _database = _site.OpenDatabase();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task A_failing_operation_undoes_itself_alone_and_its_exception_goes_to_its_caller()
    {
        using var held = new Gate(_database);
        var before = Insert("before");
        var failing = _database.WriteAsync<int>(
            connection =>
            {
                Insert(connection, "half done");
                throw new InvalidOperationException("on purpose");
            },
            Cancellation);
        var violating = _database.WriteAsync(
            connection =>
            {
                Insert(connection, "violating");
                return Run(connection, "INSERT INTO feedback (classifier, number, text, label, at) VALUES ('nobody', 1, '', '', 0)");
            },
            Cancellation);
        var after = Insert("after");
        held.Open();

        await before;
        await after;
        (await Should.ThrowAsync<InvalidOperationException>(() => failing)).Message.ShouldBe("on purpose");
        await Should.ThrowAsync<SqliteException>(() => violating);
        (await BodiesAsync()).ShouldBe(["before", "after"]);
    }

    [Fact]
    public async Task What_waits_is_committed_together()
    {
        var commits = 0;
        await _database.WriteAsync(
            connection =>
            {
                raw.sqlite3_commit_hook(connection.Handle, _ => { commits++; return 0; }, null);
                return 0;
            },
            Cancellation);
        commits = 0;
        using var held = new Gate(_database);
        var writes = Enumerable.Range(0, 50).Select(i => Insert($"{i}")).ToArray();
        held.Open();

        await Task.WhenAll(writes);

        commits.ShouldBe(1);
        (await BodiesAsync()).Count.ShouldBe(50);
    }

    [Fact]
    public async Task Nobody_is_answered_before_the_commit()
    {
        using var held = new Gate(_database);
        var first = Insert("first");
        using var second = new Gate(_database, inSameBatch: true);
        held.Open();
        second.WaitUntilReached();

        // The first has been executed, but what it shares its transaction with has not.
        first.IsCompleted.ShouldBeFalse();
        second.Open();

        await first;
    }

    [Fact]
    public async Task An_operation_that_is_given_up_while_it_waits_is_skipped()
    {
        using var held = new Gate(_database);
        using var givingUp = new CancellationTokenSource();
        var given = _database.WriteAsync(connection => Insert(connection, "given up"), givingUp.Token);
        var kept = Insert("kept");

        await givingUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => given);
        held.Open();
        await kept;

        (await BodiesAsync()).ShouldBe(["kept"]);
    }

    [Fact]
    public async Task An_operation_that_has_begun_is_seen_through()
    {
        using var givingUp = new CancellationTokenSource();
        using var begun = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var write = _database.WriteAsync(
            connection =>
            {
                begun.Set();
                go.Wait(Cancellation);
                return Insert(connection, "begun");
            },
            givingUp.Token);
        begun.Wait(Cancellation);

        await givingUp.CancelAsync();
        go.Set();

        (await write).ShouldBe(1);
        (await BodiesAsync()).ShouldBe(["begun"]);
    }

    [Fact]
    public async Task A_lost_transaction_fails_all_that_are_part_of_it_and_the_next_works()
    {
        using var held = new Gate(_database);
        var first = Insert("first");
        var breaking = _database.WriteAsync(
            connection =>
            {
                // What SQLite does by itself when the disk is full.
                Run(connection, "ROLLBACK");
                return Insert(connection, "outside");
            },
            Cancellation);
        held.Open();

        await Should.ThrowAsync<StorageException>(() => first);
        await Should.ThrowAsync<StorageException>(() => breaking);
        await Insert("next");
        (await BodiesAsync()).ShouldNotContain("first");
        (await BodiesAsync()).ShouldContain("next");
    }

    [Fact]
    public async Task A_full_disk_is_told_to_the_callers_and_what_was_acknowledged_stays()
    {
        await Insert("small");
        await _database.WriteAsync(connection => Run(connection, "PRAGMA max_page_count = 1"), Cancellation);

        var error = await Should.ThrowAsync<StorageException>(() => Insert(new string('x', 1_000_000)));

        error.Message.ShouldContain("disk is full");
        error.Message.ShouldContain(_site.File);
        (await BodiesAsync()).ShouldBe(["small"]);
        await Insert("after");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Closing_sees_through_what_waits_and_refuses_what_comes_later(bool asynchronously)
    {
        using var held = new Gate(_database);
        var writes = Enumerable.Range(0, 20).Select(i => Insert($"{i}")).ToArray();
        var closing = asynchronously ? _database.DisposeAsync().AsTask() : Task.Run(_database.Dispose, Cancellation);
        held.Open();

        await closing;

        await Task.WhenAll(writes);
        await Should.ThrowAsync<ObjectDisposedException>(() => Insert("late"));
        await Should.ThrowAsync<ObjectDisposedException>(() => BodiesAsync());
        await Should.ThrowAsync<ObjectDisposedException>(
            () => new SqliteEventLog(_database).FollowAsync(0, Cancellation).TakeAsync(1, Cancellation));
        var reopened = _site.OpenDatabase();
        (await reopened.ReadAsync(Bodies, Cancellation)).Count.ShouldBe(20);
    }

    [Fact]
    public async Task A_writer_that_never_stops_does_not_starve_another_process()
    {
        var other = _site.OpenDatabase();
        using var stop = new CancellationTokenSource();
        var busy = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await Insert("busy");
            }
        })).ToArray();

        for (var i = 0; i < 20; i++)
        {
            await other.WriteAsync(connection => Insert(connection, "other"), Cancellation);
        }

        await stop.CancelAsync();
        await Task.WhenAll(busy);
        (await BodiesAsync()).Count(body => body == "other").ShouldBe(20);
    }

    [Fact]
    public async Task Readers_do_not_wait_for_the_writer()
    {
        using var held = new Gate(_database);

        (await BodiesAsync()).ShouldBeEmpty();
        held.Open();
    }

    private Task<int> Insert(string body) => _database.WriteAsync(connection => Insert(connection, body), Cancellation);

    private Task<List<string>> BodiesAsync() => _database.ReadAsync(Bodies, Cancellation);

    private static int Insert(SqliteConnection connection, string body)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO events (body) VALUES ($body)";
        command.Parameters.AddWithValue("$body", body);
        return command.ExecuteNonQuery();
    }

    private static int Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    private static List<string> Bodies(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT body FROM events ORDER BY id";
        using var reader = command.ExecuteReader();
        var bodies = new List<string>();
        while (reader.Read())
        {
            bodies.Add(reader.GetString(0));
        }

        return bodies;
    }

    /// <summary>An operation that holds the writer until it is let go, so that others wait behind it.</summary>
    private sealed class Gate : IDisposable
    {
        private readonly ManualResetEventSlim _reached = new();
        private readonly ManualResetEventSlim _open = new();
        private readonly Task _held;

        public Gate(SqliteDatabase database, bool inSameBatch = false)
        {
            _held = database.WriteAsync(
                _ =>
                {
                    _reached.Set();
                    _open.Wait();
                    return 0;
                },
                CancellationToken.None);
            if (!inSameBatch)
            {
                WaitUntilReached();
            }
        }

        public void WaitUntilReached() => _reached.Wait(Cancellation);

        public void Open() => _open.Set();

        // Not disposed of: the writer may still be inside, and they hold nothing.
        public void Dispose() => Open();
    }
}
