using Shouldly;

namespace TicketAspire.Tests.EndToEnd;

/// <summary>Waits for what another process will do.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Asks again and again until the answer is yes.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Interval);
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(Patience, "It never became true.");
            await timer.WaitForNextTickAsync(cancellation);
        }
    }
}
