using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace TicketAspire.Tests.Support.Redis;

/// <summary>
/// A program in a process of its own. Its output is kept; it can be paused, continued and killed; it ends with the test that
/// started it, or at the latest with the test run.
/// </summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int Continue = 18;
    private const int Stop = 19;

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ChildProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        // Its id may be another's, soon after.
        _process.Exited += (_, _) => Watchdog.Remove(Id);
        _process.Start();
        Id = _process.Id;
        Watchdog.Add(Id);
        if (_process.HasExited)
        {
            Watchdog.Remove(Id);
        }

        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>What it has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts the program with this current folder.</summary>
    public static ChildProcess Start(string program, string folder, IEnumerable<string> args)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        return new ChildProcess(start);
    }

    /// <summary>
    /// SIGSTOP, and waits until every thread stands still. The kernel goes on accepting connections for it and taking what
    /// is sent: who asks it something is not refused, but waits.
    /// </summary>
    public async Task PauseAsync()
    {
        Send(Stop);
        await Eventually.IsSoAsync($"process {Id} stands still", _ => Task.FromResult(StandsStill()), HttpCalls.Cancellation);
    }

    /// <summary>SIGCONT.</summary>
    public void Resume() => Send(Continue);

    /// <summary>SIGKILL, and waits for its very end, since its files and its port are used again.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await EndedAsync();
    }

    /// <summary>SIGTERM, and waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        Send(Terminate);
        await EndedAsync();
        return _process.ExitCode;
    }

    /// <summary>Waits until it has ended and all of its output is there.</summary>
    public Task EndedAsync() =>
        Eventually.WithinLimitAsync(
            $"the end of process {Id}",
            async limit =>
            {
                await _process.WaitForExitAsync(limit);
                return true;
            },
            HttpCalls.Cancellation);

    public async ValueTask DisposeAsync()
    {
        // Redis forks to write its files.
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(Eventually.Limit);
        Watchdog.Remove(Id);
        _process.Dispose();
    }

    private bool StandsStill()
    {
        try
        {
            return Directory.GetDirectories($"/proc/{Id}/task").All(thread =>
            {
                // "id (name) state …", and the name may hold anything.
                var status = File.ReadAllText(Path.Combine(thread, "stat"));
                return status[status.LastIndexOf(')') + 2] == 'T';
            });
        }
        catch (IOException)
        {
            // A thread that ended while it was looked at.
            return false;
        }
    }

    private void Send(int signal)
    {
        if (_process.HasExited || Kill(Id, signal) != 0)
        {
            throw new InvalidOperationException($"The process has ended already:\n{Output}");
        }
    }

    private void Take(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.AppendLine(line);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
