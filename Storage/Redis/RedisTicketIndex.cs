using System.Text.Json;
using Microsoft.Data.Sqlite;
using TicketAspire.Contracts;
using TicketAspire.Storage.Sqlite;

namespace TicketAspire.Storage.Redis;

/// <summary>
/// The tickets as this process can search them. Redis keeps them as a stream of what happened to them; here they are in a
/// SQLite file of the process's own, which is brought up to the stream's end before each read and deleted with the process.
/// Where the server has lost entries that were read here, all is read anew.
/// </summary>
public sealed class RedisTicketIndex(RedisStore store) : IAsyncDisposable
{
    /// <summary>How many entries of the stream are taken at a time.</summary>
    private const int PageSize = 1_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ticketaspire-tickets-");
    private readonly SemaphoreSlim _one = new(1);
    private readonly CancellationTokenSource _closing = new();
    private SqliteDatabase? _database;
    private Task? _first;
    private volatile bool _ready;
    private RedisStreamPlace _place = new(0, remembered: 1);

    /// <summary>True once everything that there was at the beginning is in it; no more while it has to be read anew.</summary>
    public bool IsReady => _ready;

    /// <summary>Begins to read what there is; ten thousand tickets take about a second.</summary>
    public void Begin()
    {
        lock (_closing)
        {
            if (!_ready && _first is null or { IsCompleted: true })
            {
                _first = Task.Run(() => PresentAsync(_closing.Token));
            }
        }
    }

    /// <summary>The tickets as of now.</summary>
    /// <exception cref="StorageException">Redis cannot be asked, or the file cannot be written.</exception>
    public async Task<SqliteDatabase> PresentAsync(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        await _one.WaitAsync(cancellation);
        try
        {
            _database ??= SqliteDatabase.Open(Path.Combine(_folder.FullName, "tickets.db"));
            while (await TakeAsync(_database, cancellation))
            {
            }

            _ready = true;
            return _database;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await (_first ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        _one.Dispose();
        _closing.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <returns>True if there may be more.</returns>
    private async Task<bool> TakeAsync(SqliteDatabase database, CancellationToken cancellation)
    {
        var page = await store.AskAsync(
            redis => redis.ExecuteAsync("XRANGE", (string)store.Key("tickets")!, $"{_place.Begin}-0", "+", "COUNT", PageSize + 1), cancellation);
        var entries = RedisFields.Entries(page).ToArray();
        if (_place.IsLost(entries))
        {
            _ready = false;
            await database.WriteAsync(Clear, cancellation);
            _place = new RedisStreamPlace(0, remembered: 1);
            return true;
        }

        var more = entries.Length > PageSize;
        if (entries.Length > 0 && entries[0].Id == _place.Last)
        {
            entries = entries[1..];
        }

        if (entries.Length > 0)
        {
            await database.WriteAsync(
                connection =>
                {
                    var named = new HashSet<string>(StringComparer.Ordinal);
                    foreach (var (_, fields) in entries)
                    {
                        Apply(connection, fields, named);
                    }

                    Trim(connection);

                    return entries.Length;
                },
                cancellation);
            _place.Read(entries[^1].Id, entries[^1].Fields);
        }

        return more;
    }

    private static int Clear(SqliteConnection connection) => connection.Run(
        """
        INSERT INTO ticket_stems (ticket_stems) VALUES ('delete-all');
        INSERT INTO ticket_words (ticket_words) VALUES ('delete-all');
        DELETE FROM tickets;
        """);

    // As the stream is trimmed, so is the copy, now and then.
    private static void Trim(SqliteConnection connection)
    {
        var newest = connection.Number("SELECT max(key) FROM tickets") ?? 0;
        var last = newest - RedisTicketStore.Kept;
        if (last - (connection.Number("SELECT min(key) FROM tickets") ?? 0) < RedisTicketStore.Kept / 10)
        {
            return;
        }

        connection.Run(
            """
            INSERT INTO ticket_stems (ticket_stems, rowid, text) SELECT 'delete', key, text FROM tickets WHERE key <= $last;
            INSERT INTO ticket_words (ticket_words, rowid, text) SELECT 'delete', key, text FROM tickets WHERE key <= $last;
            DELETE FROM tickets WHERE key <= $last;
            """,
            ("$last", last));
    }

    private static void Apply(SqliteConnection connection, RedisFields fields, HashSet<string> named)
    {
        if (fields.TextOrNull("labelled") is { } labelled)
        {
            SqliteTickets.Label(
                connection, fields.Text("classifier"), labelled, fields.Text("label"), fields.TextOrNull("who"), fields.TimeOrNull("at"));
            return;
        }

        var ticket = JsonSerializer.Deserialize(fields.Text("ticket"), ContractsJson.Default.Ticket)!;
        if (named.Add(ticket.Classifier))
        {
            // The tables refer to classifiers, which are kept in Redis: here are their names only.
            connection.Run(
                """
                INSERT INTO datasets (hash, examples, labels, created_at, content) VALUES ('', 0, '{}', 0, x'') ON CONFLICT DO NOTHING;
                INSERT INTO classifiers (name, label, dataset, created_at) VALUES ($name, 'category', '', 0) ON CONFLICT DO NOTHING;
                """,
                ("$name", ticket.Classifier));
        }

        SqliteTickets.Add(connection, [ticket]);
    }
}
