using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace TicketAspire.Storage.Sqlite;

/// <summary>
/// One database file. Any number of these objects, in one process or in several, may use the same file at once.
/// Writes of this object go through one writer, which commits all that wait together; reads have connections of their own
/// and wait for nobody.
/// </summary>
public sealed class SqliteDatabase : IAsyncDisposable, IDisposable
{
    private const int ReadersAtOnce = 16;

    /// <summary>How long to wait for other processes' writes.</summary>
    internal static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(10);

    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;
    private readonly SqliteFileSignal _signal;

    private SqliteDatabase(string path)
    {
        Path = path;
        _signal = SqliteFileSignal.Of(path);
        _writer = new SqliteWriter(() => Connect(readOnly: false), _signal.Wrote);
        _readers = new SqliteReaders(() => Connect(readOnly: true), ReadersAtOnce);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Completes at the next commit that is made in this process. Other processes' commits are not told here.</summary>
    internal Task NextWrite => _signal.NextWrite;

    /// <summary>Opens the file, creating it and its folder if there is none, and brings its tables up to date.</summary>
    /// <param name="path">The file, relative to the current directory.</param>
    /// <exception cref="StorageException">
    /// The folder or the file cannot be written, the file is not a database of this program, or it was written by a newer
    /// version of it.
    /// </exception>
    public static SqliteDatabase Open(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        path = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path) ?? path);
            using var connection = Connect(path, SqliteOpenMode.ReadWriteCreate);
            if (raw.sqlite3_db_readonly(connection.Handle, "main") == 1)
            {
                throw new StorageException($"The database '{path}' can be read but not written. Check its owner and permissions.");
            }

            SqliteSchema.Upgrade(connection, path);
            SwitchToWriteAheadLog(connection, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                $"The folder of the database '{path}' cannot be created. Check Storage:Path and its permissions: {e.Message}", e);
        }
        catch (SqliteException e)
        {
            throw e.AsStorageException(path);
        }

        return new SqliteDatabase(path);
    }

    /// <summary>Reads. What it reads is one snapshot only within one statement.</summary>
    /// <exception cref="StorageException">The database cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">This object is disposed.</exception>
    public async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(read);
        try
        {
            return await _readers.ReadAsync(read, cancellation);
        }
        catch (SqliteException e)
        {
            throw e.AsStorageException(Path);
        }
    }

    /// <summary>
    /// Writes: all of the operation or nothing, and complete only when it is on disk. The operation runs alone among all
    /// writers of the file, so what it reads stays true until it is done. It must not begin or end transactions.
    /// </summary>
    /// <param name="write">The operation; what it throws goes to the caller, and then nothing has changed.</param>
    /// <param name="cancellation">Gives up while the operation waits; one that has begun is seen through.</param>
    /// <exception cref="StorageException">The database cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was given up before it began: nothing has changed.</exception>
    /// <exception cref="ObjectDisposedException">This object is disposed.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            return await _writer.WriteAsync(write, cancellation);
        }
        catch (SqliteException e) when (e.SqliteErrorCode != raw.SQLITE_CONSTRAINT)
        {
            throw e.AsStorageException(Path);
        }
    }

    /// <summary>Sees the writes through that wait, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _readers.DisposeAsync();
    }

    /// <summary>Sees the writes through that wait, and closes the file.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _readers.Dispose();
    }

    /// <summary>A connection of the caller's own, for reading.</summary>
    internal SqliteConnection ConnectToRead() => Connect(readOnly: true);

    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_writer.IsDisposed, this);

    private SqliteConnection Connect(bool readOnly)
    {
        // Not SQLite's read-only mode: a reader must be able to set up the log's shared index and to recover it.
        var connection = Connect(Path, SqliteOpenMode.ReadWrite);
        if (readOnly)
        {
            connection.Run("PRAGMA query_only = ON");
        }

        return connection;
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = (int)BusyTimeout.TotalSeconds,
        }.ToString());
        try
        {
            connection.Open();
            connection.Run($"""
                PRAGMA busy_timeout = {(int)BusyTimeout.TotalMilliseconds};
                PRAGMA synchronous = FULL;
                PRAGMA foreign_keys = ON;
                PRAGMA journal_size_limit = 67108864;
                """);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void SwitchToWriteAheadLog(SqliteConnection connection, string path)
    {
        var mode = connection.One("PRAGMA journal_mode = WAL", row => row.GetString(0));
        if (mode != "wal")
        {
            throw new StorageException(
                $"The database '{path}' is on a file system that several processes cannot share (journal mode '{mode}'). Use a local disk.");
        }
    }
}
