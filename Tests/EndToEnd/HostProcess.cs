using System.Diagnostics;
using System.Runtime.InteropServices;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.EndToEnd;

/// <summary>A host (the stand-alone one, the app host) as a process of its own, as a user starts it.</summary>
internal sealed partial class HostProcess : IAsyncDisposable
{
    private const int Interrupt = 2;
    private const int Terminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly HostOutput _output = new();

    private HostProcess(string program, string folder, string[] args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(program);
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => _output.Take(line.Data);
        _process.ErrorDataReceived += (_, line) => _output.Take(line.Data);
        _process.Exited += (_, _) => _output.End();
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it has printed so far.</summary>
    public string Output => _output.Text;

    public Uri Web => _output.Address("Web");

    public Uri Api => _output.Address("Api");

    public Uri Inference => _output.Address("Inference");

    public Uri Dashboard => _output.Address("Dashboard");

    public int Id => _process.Id;

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    /// <param name="program">Its assembly.</param>
    /// <param name="folder">The folder that it is started in.</param>
    /// <param name="args">The command line.</param>
    public static Task<HostProcess> StartAsync(string program, string folder, params string[] args) =>
        StartAsync(host => host._output.Ready, program, folder, args);

    /// <summary>Starts it and waits until it says where it listens; its models may be still to come.</summary>
    public static Task<HostProcess> StartListeningAsync(string program, string folder, params string[] args) =>
        StartAsync(host => host._output.Listening, program, folder, args);

    /// <summary>Starts it and waits until it ends.</summary>
    public static async Task<(int ExitCode, string Output)> RunToEndAsync(string program, string folder, params string[] args)
    {
        await using var host = new HostProcess(program, folder, args);
        await host._process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        return (host._process.ExitCode, host.Output);
    }

    /// <summary>SIGTERM, as service managers stop it. Returns the exit code.</summary>
    public Task<int> StopAsync() => SignalAsync(Terminate);

    /// <summary>Ctrl+C. A process whose parents ignore it does so, too: the test is skipped then.</summary>
    public Task<int> InterruptAsync()
    {
        var ignored = File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..];
        Assert.SkipWhen((Convert.ToInt64(ignored.Trim(), 16) & (1L << (Interrupt - 1))) != 0, "This process was started with SIGINT ignored, as by nohup.");
        return SignalAsync(Interrupt);
    }

    /// <summary>SIGKILL: it gets no chance to put anything in order. Waits for its very end, since its files are opened again.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static async Task<HostProcess> StartAsync(Func<HostProcess, Task> signal, string program, string folder, string[] args)
    {
        var host = new HostProcess(program, folder, args);
        try
        {
            await signal(host).WaitAsync(Patience, TestContext.Current.CancellationToken);
            return host;
        }
        catch (Exception exception)
        {
            await host.DisposeAsync();
            throw new InvalidOperationException($"The host did not become ready:\n{host.Output}", exception);
        }
    }

    private async Task<int> SignalAsync(int signal)
    {
        if (Kill(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException("The host has ended already.");
        }

        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        return _process.ExitCode;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
