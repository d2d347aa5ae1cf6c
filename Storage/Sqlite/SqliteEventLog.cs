using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Sqlite;

/// <summary>
/// The event log in SQLite. A listener keeps a connection of its own and looks at the file's change counter every
/// <see cref="LookEvery"/>; changes made in its own process wake it at once.
/// </summary>
public sealed class SqliteEventLog(SqliteDatabase database) : IEventLog
{
    private const int PageSize = 256;

    /// <summary>How soon, at the latest, a change made by another process is seen: 100 ms.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public Task<long> LatestAsync(CancellationToken cancellation) => database.ReadAsync(SqliteEvents.Latest, cancellation);

    /// <inheritdoc/>
    public Task AppendAsync(ServiceEvent change, CancellationToken cancellation) =>
        database.WriteAsync(
            connection =>
            {
                SqliteEvents.Append(connection, change);
                return true;
            },
            cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ServiceEvent> FollowAsync(
        long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var watch = new Watch(database);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();

            // Asked for before reading, so that a commit in between is not slept through.
            var nextWrite = database.NextWrite;
            var events = watch.Look(after, PageSize);
            if (events is null)
            {
                await Task.Delay(RetryAfter, cancellation);
                continue;
            }

            foreach (var change in events)
            {
                after = change.Id;
                yield return change;
            }

            if (events.Count == 0)
            {
                await Task.WhenAny(nextWrite, Task.Delay(LookEvery, cancellation));
            }
        }
    }

    /// <summary>Reads the log only when the file's change counter has moved; a failing connection is replaced.</summary>
    private sealed class Watch(SqliteDatabase database) : IDisposable
    {
        private SqliteConnection? _connection;
        private long? _caughtUpAt;

        /// <summary>The next events; none if there is nothing new; null if the file could not be read.</summary>
        public List<ServiceEvent>? Look(long after, int limit)
        {
            try
            {
                database.ThrowIfDisposed();
                _connection ??= database.ConnectToRead();
                var version = _connection.Number("PRAGMA data_version");
                if (version == _caughtUpAt)
                {
                    return [];
                }

                var events = SqliteEvents.After(_connection, after, limit);
                _caughtUpAt = events.Count < limit ? version : null;
                return events;
            }
            catch (SqliteException)
            {
                Dispose();
                return null;
            }
        }

        public void Dispose()
        {
            _connection?.Dispose();
            _connection = null;
            _caughtUpAt = null;
        }
    }
}
