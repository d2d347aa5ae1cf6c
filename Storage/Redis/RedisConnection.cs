using System.Net;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace TicketAspire.Storage.Redis;

/// <summary>
/// The connection that all stores of a process share. It is made when it is first asked for, and made again by itself
/// whenever the server comes back. Where sentinels are named it goes to whichever server is the master. Where the connection
/// string changes, a new one takes its place.
/// </summary>
public sealed class RedisConnection : IAsyncDisposable, IDisposable
{
    /// <summary>What is not answered within this time has failed, as far as its caller is concerned: 3 s.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The same for model files and data sets, megabytes each: 30 s.</summary>
    public static readonly TimeSpan FilePatience = TimeSpan.FromSeconds(30);

    /// <summary>A connection on which nothing was answered for so long is given up and made anew: 10 s.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    /// <summary>How often sentinels are asked for the master.</summary>
    private static readonly TimeSpan MasterCheck = TimeSpan.FromMilliseconds(500);

    /// <summary>How long nobody asks a server that did not answer: who comes meanwhile is refused at once.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a changed connection string is tried, until the server takes it.</summary>
    private static readonly TimeSpan MoveRetry = TimeSpan.FromMilliseconds(500);

    private readonly ResiliencePipeline _breaker;
    private readonly SemaphoreSlim _connecting = new(1);
    private readonly CancellationTokenSource _closing = new();
    private readonly List<(RedisChannel Channel, Action<RedisChannel, RedisValue> Heard)> _subscriptions = [];
    private volatile Site _site;
    private volatile Site _wanted;
    private volatile Link? _link;
    private Task _moving = Task.CompletedTask;
    private Task _retiring = Task.CompletedTask;
    private Task _following = Task.CompletedTask;
    private long _answered = Environment.TickCount64;

    /// <summary>Prepares a connection; nothing is reached for yet.</summary>
    /// <param name="connectionString">
    /// As of <c>ConnectionStrings:redis</c>: <c>host:port[,host:port…][,password=…]</c>; with <c>,serviceName=…</c> the hosts are
    /// sentinels.
    /// </param>
    /// <exception cref="StorageException">It is not a connection string.</exception>
    public RedisConnection(string connectionString)
    {
        _site = _wanted = Site.At(connectionString);
        _breaker = new ResiliencePipelineBuilder()
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<RedisConnectionException>().Handle<TimeoutException>(),
                FailureRatio = 0.5,
                MinimumThroughput = 2,
                SamplingDuration = Patience + Patience,
                BreakDuration = Pause,
            })
            .Build();
    }

    /// <summary>The servers' or sentinels' addresses, without credentials.</summary>
    public string Address => _site.Address.Words;

    /// <summary>Asks the server for something.</summary>
    /// <param name="ask">What to ask.</param>
    /// <param name="cancellation">Gives up waiting; what was sent may still be carried out.</param>
    /// <param name="patience">How long the answer may take; null for <see cref="Patience"/>.</param>
    /// <exception cref="StorageException">
    /// It cannot be reached, does not answer in time, or refuses. In the first two cases a change may have been made.
    /// </exception>
    public async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask, CancellationToken cancellation, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(ask);
        try
        {
            return await _breaker.ExecuteAsync(async token => await AskOnceAsync(ask, patience ?? Patience, token), cancellation);
        }
        catch (BrokenCircuitException error)
        {
            throw new StorageException($"Redis at {Address} did not answer just now", error);
        }
        catch (Exception error) when (error is RedisException or TimeoutException or ObjectDisposedException)
        {
            throw RedisErrors.AsStorageException(error, Address);
        }
    }

    /// <summary>
    /// Goes on with another connection string: another password, or another server. The present connection is used until one
    /// with the new string has been answered, however long that takes: a password may be known here before the server has it.
    /// What is being asked meanwhile gets its answer.
    /// </summary>
    /// <exception cref="StorageException">It is not a connection string.</exception>
    internal void MoveTo(string connectionString)
    {
        if (connectionString == _wanted.ConnectionString)
        {
            return;
        }

        var site = Site.At(connectionString);
        lock (_subscriptions)
        {
            _wanted = site;
            var before = _moving;
            _moving = Task.Run(() => MoveAsync(site, before));
        }
    }

    /// <summary>
    /// Hears what is published on a channel while a connection stands, this one or a later one; what is published in between
    /// is missed.
    /// </summary>
    internal async Task SubscribeAsync(RedisChannel channel, Action<RedisChannel, RedisValue> heard, CancellationToken cancellation)
    {
        lock (_subscriptions)
        {
            _subscriptions.Add((channel, heard));
        }

        var link = await LinkAsync(cancellation);
        await link.Multiplexer.GetSubscriber().SubscribeAsync(channel, heard).WaitAsync(Patience, cancellation);
    }

    /// <summary>Ends <see cref="SubscribeAsync"/>.</summary>
    internal async Task UnsubscribeAsync(RedisChannel channel, Action<RedisChannel, RedisValue> heard)
    {
        lock (_subscriptions)
        {
            _subscriptions.Remove((channel, heard));
        }

        if (_link is { } link)
        {
            // A server that is away has forgotten it already.
            await link.Multiplexer.GetSubscriber().UnsubscribeAsync(channel, heard).WaitAsync(Patience)
                .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await Task.WhenAll(_following, _moving, _retiring);
        if (_link is { } link)
        {
            await link.Multiplexer.CloseAsync();
        }

        await _site.DisposeAsync();
        _connecting.Dispose();
        _closing.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task<T> AskOnceAsync<T>(Func<IDatabase, Task<T>> ask, TimeSpan patience, CancellationToken cancellation)
    {
        var link = await LinkAsync(cancellation);
        try
        {
            var answer = await ask(link.Multiplexer.GetDatabase()).WaitAsync(patience, cancellation);
            Volatile.Write(ref _answered, Environment.TickCount64);
            return answer;
        }
        catch (TimeoutException)
        {
            // What a network has swallowed is not noticed for minutes otherwise.
            var since = Math.Max(Volatile.Read(ref _answered), link.Since);
            if (Environment.TickCount64 - since > Silence.TotalMilliseconds)
            {
                await ReplaceAsync(link, link.Master, cancellation);
            }

            throw;
        }
    }

    private async ValueTask<Link> LinkAsync(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        return _link ?? await ReplaceAsync(null, null, cancellation);
    }

    /// <summary>Makes a new connection in place of one, unless somebody else has done so.</summary>
    private async Task<Link> ReplaceAsync(Link? old, EndPoint? master, CancellationToken cancellation)
    {
        await _connecting.WaitAsync(cancellation);
        try
        {
            if (_link is { } present && !ReferenceEquals(present, old))
            {
                return present;
            }

            var link = await ConnectAsync(_site, master, cancellation);
            _link = link;
            if (old is not null)
            {
                // Closing waits for answers that may never come.
                _ = old.Multiplexer.CloseAsync(allowCommandsToComplete: false);
            }

            FollowSentinels();
            return link;
        }
        finally
        {
            _connecting.Release();
        }
    }

    private async Task MoveAsync(Site site, Task before)
    {
        await before;
        while (ReferenceEquals(_wanted, site))
        {
            try
            {
                await TryMoveAsync(site, _closing.Token);
                return;
            }
            catch (Exception error) when (error is StorageException or RedisException or TimeoutException)
            {
                // Not yet.
            }
            catch (OperationCanceledException)
            {
                break;
            }

            await Task.Delay(MoveRetry, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // Another was wanted before this one answered.
        await site.DisposeAsync();
    }

    private async Task TryMoveAsync(Site site, CancellationToken cancellation)
    {
        var link = await ConnectAsync(site, null, cancellation);
        try
        {
            await link.Multiplexer.GetDatabase().PingAsync().WaitAsync(Patience, cancellation);
            await _connecting.WaitAsync(cancellation);
        }
        catch
        {
            _ = link.Multiplexer.CloseAsync(allowCommandsToComplete: false);
            throw;
        }

        _retiring = RetireAsync(_link, _site, _retiring);
        _link = link;
        _site = site;
        FollowSentinels();
        _connecting.Release();
    }

    // Whoever has it in hand may still ask with it, and waits no longer than this for an answer.
    private async Task RetireAsync(Link? old, Site site, Task before)
    {
        await Task.Delay(FilePatience, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (old is not null)
        {
            await old.Multiplexer.CloseAsync(allowCommandsToComplete: false);
        }

        await site.DisposeAsync();
        await before;
    }

    private void FollowSentinels()
    {
        if (_site.Sentinels is not null && _following.IsCompleted)
        {
            _following = FollowMasterAsync();
        }
    }

    private async Task<Link> ConnectAsync(Site site, EndPoint? master, CancellationToken cancellation)
    {
        var options = site.Address.Options.Clone();
        if (site.Sentinels is not null)
        {
            master ??= await site.Sentinels.MasterAsync(cancellation);
            options.EndPoints.Clear();
            options.EndPoints.Add(master);
        }

        var multiplexer = await MultiplexerAsync(options, cancellation);
        (RedisChannel Channel, Action<RedisChannel, RedisValue> Heard)[] subscriptions;
        lock (_subscriptions)
        {
            subscriptions = [.. _subscriptions];
        }

        try
        {
            foreach (var (channel, heard) in subscriptions)
            {
                await multiplexer.GetSubscriber().SubscribeAsync(channel, heard).WaitAsync(Patience, cancellation);
            }
        }
        catch
        {
            // It would go on trying by itself.
            _ = multiplexer.CloseAsync(allowCommandsToComplete: false);
            throw;
        }

        return new Link(multiplexer, master, Environment.TickCount64);
    }

    private static async Task<ConnectionMultiplexer> MultiplexerAsync(ConfigurationOptions options, CancellationToken cancellation)
    {
        var connecting = ConnectionMultiplexer.ConnectAsync(options);
        try
        {
            return await connecting.WaitAsync(Patience, cancellation);
        }
        catch
        {
            _ = CloseLateAsync(connecting);
            throw;
        }
    }

    // One that comes about after all is nobody's, and would keep its connections.
    private static async Task CloseLateAsync(Task<ConnectionMultiplexer> connecting)
    {
        try
        {
            await (await connecting).CloseAsync(allowCommandsToComplete: false);
        }
        catch (RedisException)
        {
            // It has not come about.
        }
    }

    // A master that was replaced may come back and take writes for a while: what the sentinels say counts.
    private async Task FollowMasterAsync()
    {
        while (true)
        {
            await Task.Delay(MasterCheck, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_closing.IsCancellationRequested)
            {
                return;
            }

            try
            {
                var link = _link!;
                if (_site.Sentinels is not { } sentinels)
                {
                    return;
                }

                var master = await sentinels.MasterAsync(_closing.Token);
                if (!master.Equals(link.Master))
                {
                    await ReplaceAsync(link, master, _closing.Token);
                }
            }
            catch (Exception error) when (error is StorageException or RedisException or TimeoutException or OperationCanceledException)
            {
                // The present connection goes on; the sentinels are asked again.
            }
        }
    }

    /// <summary>What one connection string leads to. A class, so that nothing prints the string.</summary>
    private sealed class Site(string connectionString, RedisAddress address) : IAsyncDisposable
    {
        public string ConnectionString => connectionString;

        public RedisAddress Address => address;

        public RedisSentinels? Sentinels { get; } = address.Service is null ? null : new RedisSentinels(address);

        public static Site At(string connectionString) => new(connectionString, RedisAddress.Parse(connectionString));

        public ValueTask DisposeAsync() => Sentinels?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private sealed record Link(ConnectionMultiplexer Multiplexer, EndPoint? Master, long Since);
}
