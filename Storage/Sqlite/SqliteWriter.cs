using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace TicketAspire.Storage.Sqlite;

/// <summary>
/// The one writer of a database object: executes all operations that wait in one transaction (group commit), so that many
/// callers share one flush to the disk, and answers them after it.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable, IDisposable
{
    private const int QueueLimit = 4096;

    // Bounds how long other processes wait for this one's transaction.
    private const int BatchLimit = 512;

    // SQLite's lock is not fair: beside a writer that never stops, the others would starve. One that is busy therefore
    // leaves it alone for a moment now and then, and who waits for it looks often enough to find that moment.
    private static readonly TimeSpan BusyFor = TimeSpan.FromMilliseconds(18);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(3);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(1);

    private readonly Func<SqliteConnection> _connect;
    private readonly Action _committed;
    private readonly Channel<SqliteWriteOperation> _queue = Channel.CreateBounded<SqliteWriteOperation>(
        new BoundedChannelOptions(QueueLimit) { SingleReader = true });

    private readonly List<SqliteWriteOperation> _batch = [];
    private readonly ManualResetEventSlim _drained = new();
    private readonly Task _loop;
    private SqliteConnection? _connection;
    private bool _disposed;

    public SqliteWriter(Func<SqliteConnection> connect, Action committed)
    {
        _connect = connect;
        _committed = committed;
        _loop = Task.Run(RunAsync);
    }

    public bool IsDisposed => Volatile.Read(ref _disposed);

    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var operation = new SqliteWriteOperation<T>(write);
        try
        {
            await _queue.Writer.WriteAsync(operation, cancellation);
        }
        catch (ChannelClosedException e)
        {
            throw new ObjectDisposedException("The database is closed.", e);
        }

        await using var _ = cancellation.UnsafeRegister(
            static (state, token) => ((SqliteWriteOperation<T>)state!).Cancel(token), operation);
        return await operation.Answer;
    }

    /// <summary>Sees through what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _disposed, true);
        _queue.Writer.TryComplete();
        await _loop;
    }

    /// <summary>Sees through what waits.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _disposed, true);
        _queue.Writer.TryComplete();
        _drained.Wait();
    }

    private async Task RunAsync()
    {
        var rested = Stopwatch.GetTimestamp();
        var idle = rested;
        while (await _queue.Reader.WaitToReadAsync())
        {
            if (Stopwatch.GetElapsedTime(idle) >= Pause)
            {
                rested = Stopwatch.GetTimestamp();
            }
            else if (Stopwatch.GetElapsedTime(rested) > BusyFor)
            {
                await Task.Delay(Pause);
                rested = Stopwatch.GetTimestamp();
            }

            try
            {
                await WriteBatchAsync();
            }
            catch (Exception error)
            {
                FailBatch(error);
            }

            _batch.Clear();
            idle = Stopwatch.GetTimestamp();
        }

        _connection?.Dispose();
        _drained.Set();
    }

    private async Task WriteBatchAsync()
    {
        var connection = _connection ??= _connect();
        await BeginAsync(connection);
        while (_batch.Count < BatchLimit && _queue.Reader.TryRead(out var operation))
        {
            if (operation.TryTake())
            {
                _batch.Add(operation);
                Apply(connection, operation);
            }
        }

        connection.Run("COMMIT");
        _committed();
        foreach (var operation in _batch)
        {
            operation.Complete();
        }
    }

    /// <summary>Begins a transaction once no other writer is inside, in whatever process.</summary>
    private static async Task BeginAsync(SqliteConnection connection)
    {
        // SQLite's own way of waiting looks less and less often, and holds a thread.
        raw.sqlite3_busy_timeout(connection.Handle, 0);
        var began = Stopwatch.GetTimestamp();
        int result;
        while ((result = raw.sqlite3_exec(connection.Handle, "BEGIN IMMEDIATE")) == raw.SQLITE_BUSY
            && Stopwatch.GetElapsedTime(began) < SqliteDatabase.BusyTimeout)
        {
            await Task.Delay(LookEvery);
        }

        SqliteException.ThrowExceptionForRC(result, connection.Handle);
        raw.sqlite3_busy_timeout(connection.Handle, (int)SqliteDatabase.BusyTimeout.TotalMilliseconds);
    }

    /// <summary>Executes one operation so that its failure undoes it alone.</summary>
    private static void Apply(SqliteConnection connection, SqliteWriteOperation operation)
    {
        connection.Run("SAVEPOINT operation");
        try
        {
            operation.Execute(connection);
        }
        catch (Exception error) when (!connection.IsOutsideTransaction)
        {
            // Where SQLite has given up the whole transaction (disk full, for one), there is nothing to go back to: the
            // error then fails the batch.
            connection.Run("ROLLBACK TO operation");
            operation.Refuse(error);
        }

        connection.Run("RELEASE operation");
    }

    private void FailBatch(Exception error)
    {
        // Nothing was begun: the transaction itself was refused, and whoever waits must hear it rather than wait on.
        var waiting = _batch.Count == 0 ? _queue.Reader.Count : 0;
        for (; waiting > 0 && _queue.Reader.TryRead(out var operation); waiting--)
        {
            if (operation.TryTake())
            {
                _batch.Add(operation);
            }
        }

        // A new connection instead of a ROLLBACK: closing undoes, too, and leaves nothing of what went wrong.
        _connection?.Dispose();
        _connection = null;
        foreach (var operation in _batch)
        {
            operation.Fail(error);
        }
    }
}
