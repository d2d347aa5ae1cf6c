using System.Diagnostics;
using System.Globalization;
using TicketAspire.Tests.Support.Elasticsearch;

namespace TicketAspire.Benchmarks.Loop;

/// <summary>
/// The stand-in for Elasticsearch as a process of its own, so that neither its memory nor its collections are those of what
/// is measured, and with the least priority. It is told what to be by lines on its standard input, and ends with it.
/// </summary>
internal sealed class LogStandIn : IAsyncDisposable
{
    /// <summary>The command of the process.</summary>
    public const string Command = "log-stand-in";

    private const string Well = "well";
    private const string Down = "down";
    private const string Slow = "slow";
    private const string Hanging = "hanging";
    private const string Busy = "busy";
    private const string Count = "count";

    /// <summary>How long a slow answer takes.</summary>
    public static readonly TimeSpan SlowAnswer = TimeSpan.FromSeconds(3);

    private readonly Process _process;

    private LogStandIn(Process process, string address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    /// <summary>Starts it; it is well.</summary>
    public static async Task<LogStandIn> StartAsync(CancellationToken cancellation)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [typeof(LogStandIn).Assembly.Location, Command])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
            },
        };
        process.Start();
        // In use it would be another machine: here it takes what the others leave of the cores.
        process.PriorityClass = ProcessPriorityClass.Idle;
        return new LogStandIn(process, await process.StandardOutput.ReadLineAsync(cancellation) ?? throw new HostException("The stand-in did not start."));
    }

    /// <summary>Answers everything. What still hangs is cut off.</summary>
    public Task BeWellAsync(CancellationToken cancellation) => TellAsync(Well, cancellation);

    /// <summary>Refuses connections.</summary>
    public Task BeDownAsync(CancellationToken cancellation) => TellAsync(Down, cancellation);

    /// <summary>Takes <see cref="SlowAnswer"/> for every answer.</summary>
    public Task BeSlowAsync(CancellationToken cancellation) => TellAsync(Slow, cancellation);

    /// <summary>Takes requests and answers none.</summary>
    public Task HangAsync(CancellationToken cancellation) => TellAsync(Hanging, cancellation);

    /// <summary>Answers every bulk request 429.</summary>
    public Task BeBusyAsync(CancellationToken cancellation) => TellAsync(Busy, cancellation);

    /// <summary>How many tickets it has.</summary>
    public async Task<long> CountAsync(CancellationToken cancellation) =>
        long.Parse(await TellAsync(Count, cancellation), CultureInfo.InvariantCulture);

    /// <summary>The process itself.</summary>
    public static async Task<int> ServeAsync()
    {
        await using var standIn = await ElasticsearchStandIn.StartAsync();
        await Console.Out.WriteLineAsync(standIn.Address);
        var listens = true;
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line == Count)
            {
                await Console.Out.WriteLineAsync(standIn.Count.ToString(CultureInfo.InvariantCulture));
                continue;
            }

            if (listens && (line == Down || !standIn.Gate.IsCompleted))
            {
                await standIn.StopAsync();
                listens = false;
            }

            standIn.Gate = line == Hanging ? new TaskCompletionSource().Task : Task.CompletedTask;
            standIn.Delay = line == Slow ? SlowAnswer : TimeSpan.Zero;
            standIn.Refuse = path => line == Busy && path == "_bulk" ? 429 : null;
            if (!listens && line != Down)
            {
                await standIn.StartAgainAsync();
                listens = true;
            }

            await Console.Out.WriteLineAsync(line);
        }

        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<string> TellAsync(string line, CancellationToken cancellation)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellation);
        return await _process.StandardOutput.ReadLineAsync(cancellation) ?? throw new HostException("The stand-in has ended.");
    }
}
