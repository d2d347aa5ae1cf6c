using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace TicketAspire.Storage.Sqlite;

/// <summary>Connections for reading, kept open between reads; so many at once and no more.</summary>
internal sealed class SqliteReaders(Func<SqliteConnection> connect, int limit) : IAsyncDisposable, IDisposable
{
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private readonly SemaphoreSlim _slots = new(limit);
    private bool _disposed;

    public async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        await _slots.WaitAsync(cancellation);
        try
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
            if (!_idle.TryTake(out var connection))
            {
                connection = connect();
            }

            try
            {
                var result = read(connection);
                _idle.Add(connection);
                return result;
            }
            catch
            {
                // Whatever went wrong, the next read shall not meet it.
                await connection.DisposeAsync();
                throw;
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Waits for the reads under way; those that still wait for a connection are refused.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            for (var slot = 0; slot < limit; slot++)
            {
                await _slots.WaitAsync();
            }

            Close();
        }
    }

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            for (var slot = 0; slot < limit; slot++)
            {
                _slots.Wait();
            }

            Close();
        }
    }

    private void Close()
    {
        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }

        // Given back, not disposed of: whoever waits for a slot must wake up to be refused.
        _slots.Release(limit);
    }
}
