using TicketAspire.Storage;

namespace TicketAspire.Retrainer.Runs;

/// <summary>
/// Asks the store again while it is away, as long as a run stays its owner's: a restart of the store must not cost a training.
/// </summary>
internal static class StorePatience
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Asks until there is an answer.</summary>
    /// <param name="ask">What to ask; it may be asked several times.</param>
    /// <param name="limit">How long to go on asking: the lease.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StorageException">The store stays away.</exception>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask, TimeSpan limit, TimeProvider time, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (StorageException exception) when (!exception.IsFull && time.GetElapsedTime(start) < limit)
            {
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }
}
