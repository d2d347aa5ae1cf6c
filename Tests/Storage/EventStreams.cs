using TicketAspire.Contracts;

namespace TicketAspire.Tests.Storage;

/// <summary>Reading so much of an endless stream.</summary>
internal static class EventStreams
{
    /// <summary>The first so many events, as soon as they have come.</summary>
    public static async Task<IReadOnlyList<ServiceEvent>> TakeAsync(
        this IAsyncEnumerable<ServiceEvent> stream, int count, CancellationToken cancellation)
    {
        var taken = new List<ServiceEvent>();
        if (count == 0)
        {
            return taken;
        }

        await foreach (var change in stream.WithCancellation(cancellation))
        {
            taken.Add(change);
            if (taken.Count == count)
            {
                break;
            }
        }

        return taken;
    }
}
