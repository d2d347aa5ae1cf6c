using TicketAspire.ServiceDefaults.Telemetry;
using TicketAspire.Storage;

namespace TicketAspire.Inference.Shadows;

/// <summary>
/// Lets challengers answer what champions have answered, aside from the requests, and writes the comparison down every
/// second. What cannot be written for a while is kept and written later.
/// </summary>
internal sealed partial class ShadowComparing(
    ShadowQueue queue, IShadowStore shadows, Measures measures, TimeProvider time, ILogger<ShadowComparing> logger) : BackgroundService
{
    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(string Classifier, int Champion, int Challenger), ShadowTally> _tallies = [];
    private long _dropped;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                // What could not be written is tried again, though nothing new comes.
                if (_tallies.Count == 0)
                {
                    await queue.Reader.WaitToReadAsync(stoppingToken);
                }

                await CompareAsync(stoppingToken);
                await WriteAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await WriteAsync(CancellationToken.None);
        }
    }

    // What comes within a second is written together.
    private async Task CompareAsync(CancellationToken stopping)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        end.CancelAfter(WriteEvery);
        try
        {
            while (await queue.Reader.WaitToReadAsync(end.Token))
            {
                while (!end.IsCancellationRequested && queue.Reader.TryRead(out var answer))
                {
                    Tally(answer).Add(answer, time.GetUtcNow());
                }
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // The second is over.
        }
    }

    private ShadowTally Tally(ShadowedAnswer answer)
    {
        var key = (answer.Served.Name, answer.Served.Version, answer.Challenger.Version);
        if (!_tallies.TryGetValue(key, out var tally))
        {
            _tallies.Add(key, tally = new ShadowTally(answer.Served.Name, answer.Served.Version, answer.Challenger.Version));
        }

        return tally;
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        var dropped = queue.TakeDropped();
        if (dropped > 0)
        {
            measures.HasDropped("shadow", dropped);
        }

        _dropped += dropped;
        try
        {
            foreach (var (key, tally) in _tallies.ToArray())
            {
                // Which classifier's they were is not known: those of the one that is told first.
                await shadows.AddAsync(tally.ToComparisons(_dropped), cancellation);
                _dropped = 0;
                _tallies.Remove(key);
            }
        }
        catch (StorageException exception)
        {
            LogNotWritten(logger, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What challengers answered could not be written down yet: {Problem}")]
    private static partial void LogNotWritten(ILogger logger, string problem);
}
