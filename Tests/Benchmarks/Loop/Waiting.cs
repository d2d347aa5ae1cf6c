using System.Diagnostics;

namespace TicketAspire.Benchmarks.Loop;

/// <summary>Waiting for what comes about by itself.</summary>
internal static class Waiting
{
    /// <summary>Often enough for what is timed, and seldom enough to cost the host nothing.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);

    /// <exception cref="TimeoutException">It did not come about within the limit.</exception>
    public static async Task UntilAsync(string what, TimeSpan limit, Func<Task<bool>> look, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await look())
        {
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                throw new TimeoutException($"Not within {limit.TotalSeconds:F0} s: {what}");
            }

            await Task.Delay(LookEvery, cancellation);
        }
    }
}
