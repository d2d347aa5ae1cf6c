using System.Diagnostics;
using System.Runtime.InteropServices;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.EndToEnd;

/// <summary>The stand-alone host as a process of its own, on free ports, as a user starts it.</summary>
internal sealed partial class StandaloneProcess : IAsyncDisposable
{
    private const int Interrupt = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly HostOutput _output = new();

    private StandaloneProcess(string folder, string[] args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Standalone.dll"));
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

    /// <summary>Starts it on free ports and waits until it says that it is ready.</summary>
    public static Task<StandaloneProcess> StartAsync(string folder, params string[] args) =>
        StartAsync(host => host._output.Ready, folder, args);

    /// <summary>Starts it on free ports and waits until it says where it listens; its models may be still to come.</summary>
    public static Task<StandaloneProcess> StartListeningAsync(string folder, params string[] args) =>
        StartAsync(host => host._output.Listening, folder, args);

    /// <summary>Starts it with these arguments alone and waits until it ends.</summary>
    public static async Task<(int ExitCode, string Output)> RunToEndAsync(string folder, params string[] args)
    {
        await using var host = new StandaloneProcess(folder, args);
        await host._process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        return (host._process.ExitCode, host.Output);
    }

    /// <summary>Ctrl+C.</summary>
    public async Task<int> StopAsync()
    {
        if (Kill(_process.Id, Interrupt) != 0)
        {
            throw new InvalidOperationException("The host has ended already.");
        }

        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        return _process.ExitCode;
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

    private static async Task<StandaloneProcess> StartAsync(Func<StandaloneProcess, Task> signal, string folder, string[] args)
    {
        var host = new StandaloneProcess(folder, [.. HostOutput.FreePorts, .. args]);
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

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
