namespace TicketAspire.Tests.Support;

/// <summary>Waiting for what comes about by itself. The limit is for a test that would otherwise hang; none passes by it.</summary>
public static class Eventually
{
    /// <summary>How long anything may take on a machine that is busy.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>The first answer that is not null.</summary>
    public static async Task<T> GetAsync<T>(string what, Func<CancellationToken, Task<T?>> look, CancellationToken cancellation)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            while (true)
            {
                if (await look(limit.Token) is { } found)
                {
                    return found;
                }

                await Task.Delay(LookEvery, limit.Token);
            }
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"Not within {Limit}: {what}", exception);
        }
    }

    /// <summary>Waits until it is so.</summary>
    public static async Task IsSoAsync(string what, Func<CancellationToken, Task<bool>> look, CancellationToken cancellation) =>
        await GetAsync(what, async limit => await look(limit) ? "so" : null, cancellation);

    /// <summary>Waits for something that gives a signal by itself.</summary>
    public static async Task<T> WithinLimitAsync<T>(string what, Func<CancellationToken, Task<T>> wait, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            return await wait(limit.Token);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"Not within {Limit}: {what}", exception);
        }
    }
}
