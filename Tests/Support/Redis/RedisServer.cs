using System.Globalization;
using Xunit;

namespace TicketAspire.Tests.Support.Redis;

/// <summary>
/// A real redis-server on a port of 127.0.0.1 with a temporary folder: every write is on disk before it is acknowledged,
/// unless the settings say otherwise.
/// </summary>
public sealed class RedisServer : IAsyncDisposable
{
    /// <summary>The program; sentinels are it, too.</summary>
    internal const string Program = "redis-server";

    private static readonly string[] Durable =
    [
        "--bind", "127.0.0.1", "--appendonly", "yes", "--appendfsync", "always", "--save", "",
        // A replica would be sent its first copy only after five seconds, in case another comes.
        "--repl-diskless-sync-delay", "0",
    ];

    private readonly DirectoryInfo _folder;
    private readonly ListeningProcess _server;

    private RedisServer(DirectoryInfo folder, ListeningProcess server)
    {
        _folder = folder;
        _server = server;
    }

    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, Program)));

    public int Port => _server.Port;

    /// <summary>As StackExchange.Redis reads it. A client may be made while the server is down.</summary>
    public string ConnectionString => $"127.0.0.1:{Port},abortConnect=false";

    /// <summary>Where its files are.</summary>
    public string Folder => _folder.FullName;

    /// <summary>What it has printed since its last start.</summary>
    public string Output => _server.Process.Output;

    /// <summary>Skips the test where no redis-server is installed. Called before anything is started for it.</summary>
    public static void Require() =>
        Assert.SkipUnless(IsInstalled, "No redis-server is installed (apt-get install redis-server).");

    /// <summary>Starts a server and waits until it answers.</summary>
    /// <param name="settings">As on the command line, <c>"--maxmemory", "20mb"</c>; they go before those above.</param>
    public static async Task<RedisServer> StartAsync(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("ticketaspire-redis-");
        try
        {
            // CONFIG REWRITE, ours and a sentinel's, needs a file; the command line goes before what is in it.
            var file = Path.Combine(folder.FullName, "redis.conf");
            await File.WriteAllTextAsync(file, string.Empty, HttpCalls.Cancellation);
            return new RedisServer(folder, await ListeningProcess.StartAsync(
                port => ChildProcess.Start(
                    Program, folder.FullName, [file, "--port", port.ToString(CultureInfo.InvariantCulture), .. Durable, .. settings]),
                IsReadyAsync));
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>SIGKILL. Its port refuses connections afterwards.</summary>
    public Task KillAsync() => _server.Process.KillAsync();

    /// <summary>Starts it again on the same port and files, killing it first if it runs, and waits until all is loaded.</summary>
    public Task RestartAsync() => _server.RestartAsync();

    /// <summary>SIGSTOP: it still takes connections and commands, and answers none.</summary>
    public Task PauseAsync() => _server.Process.PauseAsync();

    /// <summary>SIGCONT, and waits until it answers. What was sent in the meantime is carried out.</summary>
    public async Task ResumeAsync()
    {
        _server.Process.Resume();
        await CallAsync("PING");
    }

    /// <summary>Sends one command on a connection of its own.</summary>
    /// <returns>
    /// The answer as text: of an array each element on a line of its own; <c>(nil)</c> for what is not there.
    /// </returns>
    /// <exception cref="RedisErrorException">The answer is an error.</exception>
    public Task<string> CallAsync(params string[] command) => CallAsync(Port, command);

    /// <summary>
    /// Makes it a replica of another server, after a restart too, and waits until it has all that the other has, on disk.
    /// </summary>
    public async Task ReplicateAsync(RedisServer master)
    {
        ArgumentNullException.ThrowIfNull(master);
        await CallAsync("REPLICAOF", "127.0.0.1", master.Port.ToString(CultureInfo.InvariantCulture));
        await CallAsync("CONFIG", "REWRITE");
        await Eventually.IsSoAsync(
            $"{Port} is a replica of {master.Port}",
            async _ =>
            {
                // The copy is in memory when the link is up, and then written.
                var info = (await CallAsync("INFO")).Split("\r\n");
                return info.Contains("master_link_status:up")
                    && info.Contains("aof_rewrite_in_progress:0")
                    && info.Contains("aof_rewrite_scheduled:0");
            },
            HttpCalls.Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Sends one command to a server or a sentinel.</summary>
    internal static Task<string> CallAsync(int port, params string[] command) =>
        Eventually.WithinLimitAsync(
            $"{port} answers {command[0]}",
            async limit =>
            {
                using var connection = await RespConnection.OpenAsync(port, limit);
                return await connection.CallAsync(command, limit);
            },
            HttpCalls.Cancellation);

    /// <summary>Whether this process serves the port and has loaded its data: PING is an error until then.</summary>
    internal static async Task<bool> IsReadyAsync(ChildProcess process, int port, CancellationToken cancellation)
    {
        using var connection = await RespConnection.OpenAsync(port, cancellation);
        return await connection.CallAsync(["PING"], cancellation) == "PONG"
            && (await connection.CallAsync(["INFO", "server"], cancellation)).Split("\r\n").Contains($"process_id:{process.Id}");
    }
}
