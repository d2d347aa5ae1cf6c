using System.Globalization;

namespace TicketAspire.Tests.Support.Redis;

/// <summary>
/// A real sentinel, alone its own quorum, that makes a replica the master a second or two after the master fell silent. It looks
/// more often than by default, so that a test need not wait.
/// </summary>
public sealed class RedisSentinel : IAsyncDisposable
{
    /// <summary>The name under which clients ask for the master.</summary>
    public const string ServiceName = "ticketaspire";

    // Milliseconds. By default the first ping on a new connection goes out only when a second, or the down-after if that is less,
    // has passed since it was made: with a down-after of half a second alone, a healthy master is given up for the replica
    // and back several times. A replica may become the master if it has been heard of within five ping periods, and while
    // the master is down it is asked once a second: with 100 instead of 250, failovers are aborted for want of a replica.
    // Publishing four times is how long a master that came back may go on as one; 8 s by default.
    private static readonly string[] Timing =
    [
        "default-down-after", "500", "default-failover-timeout", "2000",
        "ping-period", "250", "info-period", "100", "ask-period", "100", "publish-period", "250",
    ];

    private readonly DirectoryInfo _folder;
    private readonly ListeningProcess _sentinel;

    private RedisSentinel(DirectoryInfo folder, ListeningProcess sentinel)
    {
        _folder = folder;
        _sentinel = sentinel;
    }

    public int Port => _sentinel.Port;

    /// <summary>As StackExchange.Redis reads it: of the sentinel, which tells where the master is.</summary>
    public string ConnectionString => $"127.0.0.1:{Port},serviceName={ServiceName},abortConnect=false";

    /// <summary>What it has printed.</summary>
    public string Output => _sentinel.Process.Output;

    /// <summary>Starts a sentinel and waits until it knows the master and its replicas.</summary>
    /// <param name="master">The master.</param>
    /// <param name="replicas">How many replicas it has.</param>
    public static async Task<RedisSentinel> StartAsync(RedisServer master, int replicas = 1)
    {
        ArgumentNullException.ThrowIfNull(master);
        var folder = Directory.CreateTempSubdirectory("ticketaspire-sentinel-");
        ListeningProcess? process = null;
        try
        {
            process = await ListeningProcess.StartAsync(port => Start(folder.FullName, port), RedisServer.IsReadyAsync);
            await MonitorAsync(process.Port, master.Port, replicas);
            return new RedisSentinel(folder, process);
        }
        catch
        {
            await (process?.DisposeAsync() ?? ValueTask.CompletedTask);
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Where the master is, as far as it knows.</summary>
    public async Task<int> MasterPortAsync()
    {
        var address = await RedisServer.CallAsync(Port, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", ServiceName);
        return int.Parse(address.Split('\n')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Waits until another than this is the master.</summary>
    /// <returns>The port of the new master.</returns>
    public async Task<int> FailoverAsync(RedisServer from)
    {
        ArgumentNullException.ThrowIfNull(from);
        await Eventually.IsSoAsync(
            $"another than {from.Port} is the master", async _ => await MasterPortAsync() != from.Port, HttpCalls.Cancellation);
        return await MasterPortAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _sentinel.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static ChildProcess Start(string folder, int port)
    {
        // It keeps its state in its settings.
        var file = Path.Combine(folder, "sentinel.conf");
        File.WriteAllText(file, $"""
            port {port}
            bind 127.0.0.1
            dir {folder}

            """);
        return ChildProcess.Start(RedisServer.Program, folder, [file, "--sentinel"]);
    }

    private static async Task MonitorAsync(int port, int master, int replicas)
    {
        await RedisServer.CallAsync(port, ["SENTINEL", "DEBUG", .. Timing]);
        await RedisServer.CallAsync(
            port, "SENTINEL", "MONITOR", ServiceName, "127.0.0.1", master.ToString(CultureInfo.InvariantCulture), "1");
        await Eventually.IsSoAsync(
            $"the sentinel knows {replicas} replicas of {master}", _ => KnowsAsync(port, replicas), HttpCalls.Cancellation);
    }

    /// <summary>Whether it has heard of so many replicas that they are in step with their master: only such may take its place.</summary>
    private static async Task<bool> KnowsAsync(int port, int replicas)
    {
        var known = await RedisServer.CallAsync(port, "SENTINEL", "REPLICAS", ServiceName);
        return known.Split('\n').Count(line => line == "master-link-status") == replicas
            && known.Split("master-link-status\nok\n").Length == replicas + 1;
    }
}
