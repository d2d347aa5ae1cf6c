using System.Net;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace TicketAspire.Storage.Redis;

/// <summary>
/// The connection that all stores of a process share. It is made when it is first asked for, and made again by itself
/// whenever the server comes back. Where sentinels are named it goes to whichever server is the master.
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

    private readonly RedisAddress _address;
    private readonly RedisSentinels? _sentinels;
    private readonly ResiliencePipeline _breaker;
    private readonly SemaphoreSlim _connecting = new(1);
    private readonly CancellationTokenSource _closing = new();
    private readonly List<(RedisChannel Channel, Action<RedisChannel, RedisValue> Heard)> _subscriptions = [];
    private volatile Link? _link;
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
        _address = RedisAddress.Parse(connectionString);
        _sentinels = _address.Service is null ? null : new RedisSentinels(_address);
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
    public string Address => _address.Words;

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
        await _following;
        if (_link is { } link)
        {
            await link.Multiplexer.CloseAsync();
        }

        if (_sentinels is not null)
        {
            await _sentinels.DisposeAsync();
        }

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

            var link = await ConnectAsync(master, cancellation);
            _link = link;
            if (old is not null)
            {
                // Closing waits for answers that may never come.
                _ = old.Multiplexer.CloseAsync(allowCommandsToComplete: false);
            }
            else if (_sentinels is not null)
            {
                _following = FollowMasterAsync();
            }

            return link;
        }
        finally
        {
            _connecting.Release();
        }
    }

    private async Task<Link> ConnectAsync(EndPoint? master, CancellationToken cancellation)
    {
        var options = _address.Options.Clone();
        if (_sentinels is not null)
        {
            master ??= await _sentinels.MasterAsync(cancellation);
            options.EndPoints.Clear();
            options.EndPoints.Add(master);
        }

        var multiplexer = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(Patience, cancellation);
        (RedisChannel Channel, Action<RedisChannel, RedisValue> Heard)[] subscriptions;
        lock (_subscriptions)
        {
            subscriptions = [.. _subscriptions];
        }

        foreach (var (channel, heard) in subscriptions)
        {
            await multiplexer.GetSubscriber().SubscribeAsync(channel, heard).WaitAsync(Patience, cancellation);
        }

        return new Link(multiplexer, master, Environment.TickCount64);
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
                var master = await _sentinels!.MasterAsync(_closing.Token);
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

    private sealed record Link(ConnectionMultiplexer Multiplexer, EndPoint? Master, long Since);
}
