using System.Net.Sockets;

namespace TicketAspire.Tests.Support.Redis;

/// <summary>A program that listens on a port of 127.0.0.1, and that can be started there again.</summary>
internal sealed class ListeningProcess : IAsyncDisposable
{
    // Whoever else has the port may take connections and never answer.
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);

    private readonly Func<int, ChildProcess> _start;
    private readonly Func<ChildProcess, int, CancellationToken, Task<bool>> _isReady;

    private ListeningProcess(Func<int, ChildProcess> start, Func<ChildProcess, int, CancellationToken, Task<bool>> isReady)
    {
        _start = start;
        _isReady = isReady;
        Port = FreePort.Next();
        Process = start(Port);
    }

    public int Port { get; private set; }

    public ChildProcess Process { get; private set; }

    /// <summary>Starts a program on a free port and waits until it is ready.</summary>
    /// <param name="start">Starts it with this port.</param>
    /// <param name="isReady">Whether it, and nobody else, serves at this port. Being refused means: not yet.</param>
    public static async Task<ListeningProcess> StartAsync(
        Func<int, ChildProcess> start, Func<ChildProcess, int, CancellationToken, Task<bool>> isReady)
    {
        var listening = new ListeningProcess(start, isReady);
        try
        {
            while (!await listening.ReadyAsync())
            {
                // Somebody took the port between the look and the start.
                await listening.Process.DisposeAsync();
                listening.Port = FreePort.Next();
                listening.Process = start(listening.Port);
            }

            return listening;
        }
        catch
        {
            await listening.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again on the same port, after killing it if it still runs, and waits until it is ready.</summary>
    public async Task RestartAsync()
    {
        await Process.DisposeAsync();
        Process = _start(Port);
        if (!await ReadyAsync())
        {
            throw new InvalidOperationException($"Somebody else has taken port {Port}:\n{Process.Output}");
        }
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    /// <returns>Whether it became ready, or false if the port is in use.</returns>
    private async Task<bool> ReadyAsync()
    {
        try
        {
            await Eventually.IsSoAsync(
                $"port {Port} is served", async limit => Process.HasExited || await IsReadyAsync(limit), HttpCalls.Cancellation);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}\n{Process.Output}", exception);
        }

        if (!Process.HasExited)
        {
            return true;
        }

        await Process.EndedAsync();
        return Process.Output.Contains("address already in use", StringComparison.OrdinalIgnoreCase)
            ? false
            : throw new InvalidOperationException($"It ended instead of serving port {Port}:\n{Process.Output}");
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        using var look = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        look.CancelAfter(LongestLook);
        try
        {
            return await _isReady(Process, Port, look.Token);
        }
        catch (Exception exception) when (exception is SocketException or IOException or HttpRequestException or RedisErrorException
            || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }
}
