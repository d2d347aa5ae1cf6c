using System.Diagnostics;
using System.Globalization;
using TicketAspire.Tests.Support;

namespace TicketAspire.Benchmarks.Loop;

/// <summary>
/// A host as a process of its own, on free ports, as a user starts it. It does not outlive this object, and it is ended only
/// by its own process id.
/// </summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly HostOutput _output = new();
    private readonly long _start;

    private HostProcess(HostProgram program, DataFolder data, IEnumerable<string> args)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [program.Assembly, .. program.FreePorts, $"--Storage:Path={data.Database}", .. args])
            {
                WorkingDirectory = data.Path,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            },
            EnableRaisingEvents = true,
        };
        _process.OutputDataReceived += (_, line) => _output.Take(line.Data);
        _process.ErrorDataReceived += (_, line) => _output.Take(line.Data);
        _process.Exited += (_, _) => _output.End();
        _start = Stopwatch.GetTimestamp();
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it has printed so far.</summary>
    public string Output => _output.Text;

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    public Uri Api => _output.Address("Api");

    public Uri Inference => _output.Address("Inference");

    /// <summary>Since it was started.</summary>
    public TimeSpan Age => Stopwatch.GetElapsedTime(_start);

    /// <summary>Its resident memory in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The most that it has been, on Linux.</summary>
    public long PeakResidentBytes => File.ReadLines($"/proc/{Id}/status")
        .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture))
        .Single();

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts the stand-alone host and waits until it has said where it listens.</summary>
    /// <exception cref="HostException">It does not start.</exception>
    public static Task<HostProcess> StartAsync(DataFolder data, IEnumerable<string> args, CancellationToken cancellation) =>
        StartAsync(HostProgram.Standalone, data, args, cancellation);

    /// <summary>Starts a host and waits until it has said where it listens.</summary>
    /// <exception cref="HostException">It does not start.</exception>
    public static async Task<HostProcess> StartAsync(HostProgram program, DataFolder data, IEnumerable<string> args, CancellationToken cancellation)
    {
        var host = new HostProcess(program, data, args);
        try
        {
            await host._output.Listening.WaitAsync(Patience, cancellation);
            return host;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && exception is (OperationCanceledException or TimeoutException))
        {
            await host.DisposeAsync();
            throw new HostException($"The host did not start:\n{host.Output}");
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until it says that its models serve.</summary>
    public Task ReadyAsync(CancellationToken cancellation) => _output.Ready.WaitAsync(Patience, cancellation);

    /// <summary>SIGTERM, and waits for its end.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        using var kill = Process.Start("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync(cancellation).WaitAsync(Patience, cancellation);
    }

    /// <summary>SIGKILL: it gets no chance to put anything in order.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        // To its very end, since its database is opened again.
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }
}
