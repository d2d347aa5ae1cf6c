using System.Globalization;
using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace TicketAspire.Storage.Redis;

/// <summary>
/// The place of all keys on one server, and how it is asked. Every change is one script: Redis runs scripts one after the
/// other, each as a whole, so what a script has read stays true until it is done.
/// </summary>
public sealed class RedisStore : IAsyncDisposable, IDisposable
{
    /// <summary>What keys begin with unless configured otherwise: <c>Storage:Redis:Prefix</c>.</summary>
    public const string DefaultName = "ticketaspire";

    /// <summary>The version of the keys' layout.</summary>
    private const int Layout = 1;

    /// <summary>How long replicas may take to confirm a change: 1 s.</summary>
    private static readonly TimeSpan ConfirmationTime = TimeSpan.FromSeconds(1);

    /// <summary>What every script begins with.</summary>
    private const string Library = """
        local P = KEYS[1]
        local function key(...) return P .. table.concat({...}, ':') end
        local function event(type, classifier, at, name, value)
            local id = redis.call('INCR', key('event-id'))
            redis.call('XADD', key('events'), 'MAXLEN', '~', 10000, id .. '-0', 'type', type, 'classifier', classifier, 'at', at, name, value)
            redis.call('PUBLISH', key('events'), id)
        end
        local function field(k, name) return redis.call('HGET', k, name) or nil end
        local function number(k, name) return tonumber(redis.call('HGET', k, name) or '0') end

        """;

    private readonly RedisConnection _connection;
    private readonly RedisConnection? _confirming;
    private readonly string _prefix;
    private readonly int _replicas;
    private IDisposable? _following;

    /// <summary>Prepares a store; nothing is reached for yet.</summary>
    /// <param name="connectionString">As of <see cref="RedisConnection"/>.</param>
    /// <param name="name">What keys begin with: several systems may share a server.</param>
    /// <param name="replicas">How many replicas must have a change before it is acknowledged.</param>
    /// <exception cref="StorageException">It is not a connection string.</exception>
    public RedisStore(string connectionString, string name = DefaultName, int replicas = 0)
    {
        _connection = new RedisConnection(connectionString);
        // WAIT holds up everything behind it on its connection, and counts what was written on that alone.
        _confirming = replicas > 0 ? new RedisConnection(connectionString) : null;
        _replicas = replicas;
        // The braces keep all keys in one slot of a cluster, for a script may ask for any of them.
        _prefix = string.Create(CultureInfo.InvariantCulture, $"{{{name}:{Layout}}}:");
    }

    /// <summary>The connection.</summary>
    public RedisConnection Connection => _connection;

    /// <summary>Follows <c>ConnectionStrings:redis</c> when it changes, as <see cref="RedisConnection.MoveTo"/> does.</summary>
    internal void Follow(IConfiguration configuration, IServiceProvider services) =>
        _following = ReloadedSettings.Follow(configuration, services, () =>
        {
            var connectionString = configuration.GetConnectionString(RedisRegistration.ConnectionStringName) ?? string.Empty;
            _connection.MoveTo(connectionString);
            _confirming?.MoveTo(connectionString);
        });

    /// <summary>A key of ours.</summary>
    public RedisKey Key(params string[] parts) => _prefix + string.Join(':', parts);

    /// <summary>Runs a script that only reads, or whose changes nobody is promised.</summary>
    /// <param name="script">Lua; <c>key(…)</c> makes a key, <c>event(…)</c> appends to the event log.</param>
    /// <param name="cancellation">Gives up waiting; the script may still run.</param>
    /// <param name="arguments">Its <c>ARGV</c>.</param>
    public Task<RedisResult> RunAsync(string script, CancellationToken cancellation, params RedisValue[] arguments) =>
        _connection.AskAsync(database => EvaluateAsync(database, Library + script, arguments), cancellation);

    /// <summary>
    /// Runs a script whose changes are acknowledged to somebody. When this resolves they are as durable as the server makes
    /// them, and so many replicas have them as are asked for.
    /// </summary>
    /// <param name="script">As of <see cref="RunAsync"/>.</param>
    /// <param name="cancellation">As of <see cref="RunAsync"/>.</param>
    /// <param name="arguments">As of <see cref="RunAsync"/>.</param>
    /// <exception cref="StorageException">
    /// As of <see cref="RedisConnection.AskAsync"/>; or too few replicas have confirmed it, and it may yet be lost.
    /// </exception>
    public Task<RedisResult> ChangeAsync(string script, CancellationToken cancellation, params RedisValue[] arguments) =>
        ChangeAsync(script, arguments, RedisConnection.Patience, cancellation);

    /// <summary>The same, with a file among the arguments.</summary>
    public Task<RedisResult> ChangeFileAsync(string script, CancellationToken cancellation, params RedisValue[] arguments) =>
        ChangeAsync(script, arguments, RedisConnection.FilePatience, cancellation);

    /// <summary>Asks for something else than a script.</summary>
    public Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask, CancellationToken cancellation, TimeSpan? patience = null) =>
        _connection.AskAsync(ask, cancellation, patience);

    /// <summary>A time as a script's argument: Unix milliseconds.</summary>
    public static RedisValue Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    /// <summary>A number as a script's argument.</summary>
    public static RedisValue Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _following?.Dispose();
        await _connection.DisposeAsync();
        if (_confirming is not null)
        {
            await _confirming.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private Task<RedisResult> ChangeAsync(string script, RedisValue[] arguments, TimeSpan patience, CancellationToken cancellation) =>
        (_confirming ?? _connection).AskAsync(
            async database =>
            {
                if (_confirming is null)
                {
                    return await EvaluateAsync(database, Library + script, arguments);
                }

                // WAIT waits for the last write of its connection. A script that finds everything done already writes nothing,
                // and would be confirmed untested: so each writes something.
                var result = await EvaluateAsync(database, $"{Library}redis.call('INCR', key('changes'))\n{script}", arguments);
                var confirmed = (int)await database.ExecuteAsync("WAIT", _replicas, (long)ConfirmationTime.TotalMilliseconds);
                return confirmed >= _replicas
                    ? result
                    : throw new StorageException(
                        $"{confirmed} of the {_replicas} replicas asked for (Storage:Redis:Replicas) have confirmed the change within {ConfirmationTime.TotalSeconds:F0} s");
            },
            cancellation,
            patience);

    private async Task<RedisResult> EvaluateAsync(IDatabase database, string script, RedisValue[] arguments)
    {
        RedisKey[] keys = [_prefix];
        try
        {
            return await database.ScriptEvaluateAsync(script, keys, arguments);
        }
        catch (RedisServerException error) when (error.Message.Contains("NOSCRIPT", StringComparison.Ordinal))
        {
            // A server that was started anew does not know the script by its hash any more.
            return await database.ScriptEvaluateAsync(script, keys, arguments);
        }
    }
}
