using TicketAspire.Storage;

namespace TicketAspire.Inference.Shadows;

/// <summary>
/// Lets challengers answer what champions have answered, aside from the requests, and writes the comparison down every
/// second. What cannot be written for a while is kept and written later.
/// </summary>
internal sealed partial class ShadowComparing(
    ShadowQueue queue, IShadowStore shadows, TimeProvider time, ILogger<ShadowComparing> logger) : BackgroundService
{
    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(string Classifier, int Champion, int Challenger), ShadowTally> _tallies = [];
    private long _written;
    private long _dropped;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await queue.Reader.WaitToReadAsync(stoppingToken))
            {
                // What comes within a second is written together.
                _written = time.GetTimestamp();
                while (_tallies.Count > 0 || queue.Reader.TryPeek(out _))
                {
                    await CompareAsync(stoppingToken);
                    await WriteAsync(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await WriteAsync(CancellationToken.None);
        }
    }

    private async Task CompareAsync(CancellationToken stopping)
    {
        while (time.GetElapsedTime(_written) is var since && since < WriteEvery)
        {
            if (queue.Reader.TryRead(out var answer))
            {
                Tally(answer).Add(answer, time.GetUtcNow());
                continue;
            }

            using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            end.CancelAfter(WriteEvery - since);
            try
            {
                await queue.Reader.WaitToReadAsync(end.Token);
            }
            catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
            {
                return;
            }
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
        _written = time.GetTimestamp();
        _dropped += queue.TakeDropped();
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
