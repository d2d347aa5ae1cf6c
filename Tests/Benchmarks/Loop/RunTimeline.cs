using System.Diagnostics;
using TicketAspire.Contracts;

namespace TicketAspire.Benchmarks.Loop;

/// <summary>One run as a listener hears it, from a given moment on.</summary>
/// <param name="Run">The run as it ended.</param>
/// <param name="Queued">Seconds until it was asked for.</param>
/// <param name="Started">Seconds until a retrainer took it.</param>
/// <param name="Stages">Seconds until each stage was first heard of; a stage between two reports (200 ms) is not in it.</param>
/// <param name="Ended">Seconds until it ended.</param>
internal sealed record RunTimeline(
    RetrainingRun Run, double? Queued, double? Started, IReadOnlyDictionary<RunStage, double> Stages, double Ended)
{
    /// <summary>Listens until the next run of a classifier has ended.</summary>
    /// <param name="events">What is heard.</param>
    /// <param name="classifier">The classifier.</param>
    /// <param name="since">The moment that is 0, on <see cref="Stopwatch"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<RunTimeline> ListenAsync(
        HeardEvents events, string classifier, long since, CancellationToken cancellation)
    {
        double? queued = null;
        double? started = null;
        var stages = new Dictionary<RunStage, double>();
        await foreach (var (timestamp, change) in events.ReadAsync(cancellation))
        {
            if (change.Run is not { } run || change.Classifier != classifier)
            {
                continue;
            }

            var seconds = Stopwatch.GetElapsedTime(since, timestamp).TotalSeconds;
            queued ??= seconds;
            if (run.StartedAt is not null)
            {
                started ??= seconds;
            }

            if (run.Stage is { } stage)
            {
                stages.TryAdd(stage, seconds);
            }

            if (run.EndedAt is not null)
            {
                return new RunTimeline(run, queued, started, stages, seconds);
            }
        }

        throw new HostException("The stream of events ended before the run did.");
    }
}
