using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TicketAspire.Contracts;

namespace TicketAspire.ServiceDefaults.Telemetry.Rollups;

/// <summary>Puts rollups into the store, where all services' meet.</summary>
/// <param name="rollups">What to add; all of the same minute, and at most <see cref="WaitingRollups.AtOnce"/>.</param>
/// <param name="cancellation">Gives up.</param>
public delegate Task RollupWriter(IReadOnlyList<Rollup> rollups, CancellationToken cancellation);

/// <summary>How rollups are kept (<c>Operations:…</c>).</summary>
public sealed class RollupOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Operations";

    /// <summary>How often what was measured goes into the store.</summary>
    public TimeSpan FlushEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Checks the settings.</summary>
    /// <exception cref="InvalidOperationException">One makes no sense.</exception>
    public RollupOptions Checked() =>
        FlushEvery > TimeSpan.Zero ? this : throw new InvalidOperationException("Operations:FlushEvery must be more than 0.");
}

/// <summary>
/// Moves what was measured into the store every few seconds, at the end of each minute and at the shutdown. A store that is
/// away is tried again; what waits for it is bounded.
/// </summary>
internal sealed partial class RollupFlushing(
    RollupCollector collector, RollupWriter write, IOptions<RollupOptions> options, Measures measures, TimeProvider time, ILogger<RollupFlushing> logger)
    : BackgroundService
{
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(3);

    private readonly WaitingRollups _waiting = new();
    private DateTimeOffset _since = time.GetUtcNow();
    private bool _away;

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ShutdownPatience);
        await FlushAsync(limit.Token);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Wait(), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await FlushAsync(stoppingToken);
        }
    }

    // Nothing that is taken together may have happened in two different minutes.
    private TimeSpan Wait()
    {
        var left = TimeSpan.FromTicks(TimeSpan.TicksPerMinute - (time.GetUtcNow().UtcTicks % TimeSpan.TicksPerMinute));
        return left < options.Value.FlushEvery ? left : options.Value.FlushEvery;
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        // A timer may be a little early or late: the middle is in the right minute all the same.
        var dropped = _waiting.Add(collector.Take(_since + ((now - _since) / 2)));
        _since = now;
        if (dropped > 0)
        {
            measures.HasDropped("rollups", dropped);
        }

        try
        {
            while (!_waiting.IsEmpty)
            {
                await write(_waiting.Oldest, cancellation);
                _waiting.RemoveOldest();
                _away = false;
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || cancellation.IsCancellationRequested)
        {
            // Once is enough until it is back.
            if (!_away && !cancellation.IsCancellationRequested)
            {
                LogAway(logger, exception.Message);
            }

            _away = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was measured cannot be kept at the moment: {Problem}")]
    private static partial void LogAway(ILogger logger, string problem);
}
