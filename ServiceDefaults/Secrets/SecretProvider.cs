using Microsoft.Extensions.Configuration;
using Polly;
using Polly.Retry;

namespace TicketAspire.ServiceDefaults.Secrets;

/// <summary>
/// A store's secrets as configuration. The first load waits for a store that is away, for a while; afterwards the last known
/// values, which are kept in memory only, stay in use whatever becomes of the store.
/// </summary>
internal sealed class SecretProvider(ISecretStore store, SecretTiming timing, TimeProvider time) : ConfigurationProvider, IConfigurationSource
{
    private readonly Lock _lock = new();
    private SecretVersion? _known;

    /// <summary>Where they are from.</summary>
    public ISecretStore Store => store;

    /// <summary>How often they are looked for.</summary>
    public SecretTiming Timing => timing;

    /// <summary>The version in use; null before the first load.</summary>
    public int? Version => _known?.Number;

    /// <summary>When they were last read.</summary>
    public DateTimeOffset ReadAt { get; private set; }

    // Whoever builds the configuration anew gets the values that are known.
    IConfigurationProvider IConfigurationSource.Build(IConfigurationBuilder builder) => this;

    /// <summary>Reads the secrets, the first time with patience; those that are known stay if that fails.</summary>
    /// <exception cref="SecretStoreException">None are known, and none can be had.</exception>
    // Configuration is loaded before there is anything asynchronous to wait in.
    public override void Load() => Task.Run(() => LoadAsync(CancellationToken.None)).GetAwaiter().GetResult();

    /// <inheritdoc cref="Load"/>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        if (_known is not null)
        {
            try
            {
                await ReadAsync(cancellation);
            }
            catch (SecretStoreException)
            {
                // The next look tells of it.
            }

            return;
        }

        try
        {
            await Patient().ExecuteAsync(async token => await ReadAsync(token), cancellation);
        }
        catch (SecretStoreException error)
        {
            var tried = error.MayPass && timing.Attempts > 1 ? $" (tried {timing.Attempts} times)" : string.Empty;
            throw new SecretStoreException($"{error.Message}{tried}. Without its secrets this service does not start", error.InnerException)
            {
                MayPass = error.MayPass,
            };
        }
    }

    /// <summary>Looks for other values, and tells whoever listens to the configuration.</summary>
    /// <returns>True if there are others.</returns>
    /// <exception cref="SecretStoreException">It could not look. The known values stay.</exception>
    public async Task<bool> RefreshAsync(CancellationToken cancellation)
    {
        if (!await ReadAsync(cancellation))
        {
            return false;
        }

        OnReload();
        return true;
    }

    private async Task<bool> ReadAsync(CancellationToken cancellation)
    {
        var read = await store.ReadAsync(cancellation);
        lock (_lock)
        {
            ReadAt = time.GetUtcNow();
            var same = _known?.HoldsTheSame(read) == true;
            _known = read;
            if (!same)
            {
                Data = new Dictionary<string, string?>(read.Values, StringComparer.OrdinalIgnoreCase);
            }

            return !same;
        }
    }

    private ResiliencePipeline Patient() => timing.Attempts == 1
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<SecretStoreException>(error => error.MayPass),
                MaxRetryAttempts = timing.Attempts - 1,
                Delay = SecretTiming.FirstPause,
                MaxDelay = SecretTiming.LongestPause,
                BackoffType = DelayBackoffType.Exponential,
            })
            .Build();
}
