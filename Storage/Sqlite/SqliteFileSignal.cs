namespace TicketAspire.Storage.Sqlite;

/// <summary>
/// Tells of commits to one file within this process, whichever object has made them: services that share a process hear of
/// each other's changes at once.
/// </summary>
internal sealed class SqliteFileSignal
{
    private static readonly Dictionary<string, WeakReference<SqliteFileSignal>> Signals = new(StringComparer.Ordinal);

    private TaskCompletionSource _wrote = Fresh();

    private SqliteFileSignal()
    {
    }

    /// <summary>Completes at the next commit.</summary>
    public Task NextWrite => Volatile.Read(ref _wrote).Task;

    /// <summary>The signal of a file; the same for all who ask while one of them keeps it.</summary>
    public static SqliteFileSignal Of(string path)
    {
        lock (Signals)
        {
            if (Signals.TryGetValue(path, out var known) && known.TryGetTarget(out var signal))
            {
                return signal;
            }

            foreach (var (gone, _) in Signals.Where(entry => !entry.Value.TryGetTarget(out _)).ToArray())
            {
                Signals.Remove(gone);
            }

            Signals[path] = new WeakReference<SqliteFileSignal>(signal = new SqliteFileSignal());
            return signal;
        }
    }

    /// <summary>Wakes all who wait for the next commit.</summary>
    public void Wrote() => Interlocked.Exchange(ref _wrote, Fresh()).TrySetResult();

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
