using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace TicketAspire.AppHost.Standalone;

/// <summary>
/// Aspire's dashboard beside the stand-alone system: the <c>aspire</c> command started as a process of its own, to which the
/// services send their telemetry.
/// </summary>
internal sealed class Dashboard : IAsyncDisposable
{
    /// <summary>The option: <c>--dashboard</c>, or <c>--dashboard FOLDER</c> with the command's folder.</summary>
    public const string Option = "--dashboard";

    private const int PagePort = 18888;
    private const string Command = "aspire";

    /// <summary>How long it may take to start: it unpacks itself the first time.</summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private readonly Process _process;
    private readonly int _collector;

    private Dashboard(Process process, int page, int collector)
    {
        (_process, _collector) = (process, collector);
        Page = new Uri($"http://localhost:{page}");
    }

    /// <summary>Where a person opens it.</summary>
    public Uri Page { get; }

    /// <summary>The settings that send a service's telemetry to it.</summary>
    public IReadOnlyList<string> Settings =>
    [
        $"--OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:{_collector}",
        "--OTEL_EXPORTER_OTLP_PROTOCOL=grpc",
        "--OTEL_METRIC_EXPORT_INTERVAL=5000",
    ];

    /// <summary>Takes the option out of the arguments.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="folder">The command's folder, or its file, if one is given.</param>
    /// <param name="rest">The other arguments: the option is none of a service's settings.</param>
    /// <returns>True if a dashboard is wanted.</returns>
    public static bool IsWanted(string[] args, out string? folder, out string[] rest)
    {
        folder = null;
        var at = Array.FindIndex(args, arg => arg == Option || arg.StartsWith($"{Option}=", StringComparison.Ordinal));
        if (at < 0)
        {
            rest = args;
            return false;
        }

        var taken = 1;
        if (args[at].Length > Option.Length)
        {
            folder = args[at][(Option.Length + 1)..];
        }
        else if (at + 1 < args.Length && !args[at + 1].StartsWith("--", StringComparison.Ordinal))
        {
            (folder, taken) = (args[at + 1], 2);
        }

        rest = [.. args[..at], .. args[(at + taken)..]];
        return true;
    }

    /// <summary>Starts it and waits until its page answers.</summary>
    /// <exception cref="StartException">There is no such command, or it does not start.</exception>
    public static async Task<Dashboard> StartAsync(string? folder)
    {
        var command = Find(folder) ?? throw new StartException(
            $"{Option} needs the Aspire CLI, and there is no '{Command}' {(folder is null ? "on the PATH" : $"at '{folder}'")}: get it with `npm install -g @microsoft/aspire-cli-linux-x64` or from https://aspire.dev/get-started/install-cli, or name its folder: {Option} FOLDER");
        var (page, collector) = (FreePort(PagePort), FreePort(0));
        var start = new ProcessStartInfo(command)
        {
            ArgumentList =
            {
                "dashboard", "run", "--allow-anonymous", "--non-interactive", "--nologo",
                "--frontend-url", $"http://localhost:{page}", "--otlp-grpc-url", $"http://localhost:{collector}",
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start) ?? throw new StartException($"'{command}' does not start.");
        // Read, so that it never waits for somebody to do so.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var dashboard = new Dashboard(process, page, collector);
        try
        {
            await dashboard.AnswersAsync();
            return dashboard;
        }
        catch
        {
            await dashboard.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // The dashboard itself is a child of the command.
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static string? Find(string? folder)
    {
        string[] names = OperatingSystem.IsWindows() ? [$"{Command}.exe", $"{Command}.cmd"] : [Command];
        if (folder is not null && File.Exists(folder))
        {
            return Path.GetFullPath(folder);
        }

        var folders = folder is not null ? [folder, Path.Combine(folder, "bin")]
            : (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.SelectMany(_ => names, Path.Combine).Select(Path.GetFullPath).FirstOrDefault(File.Exists);
    }

    // The wanted one if it is free: a bookmark stays good.
    private static int FreePort(int wanted)
    {
        using var listener = new TcpListener(IPAddress.Loopback, wanted);
        try
        {
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException) when (wanted != 0)
        {
            return FreePort(0);
        }
    }

    private async Task AnswersAsync()
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < StartTime)
        {
            if (_process.HasExited)
            {
                throw new StartException($"The Aspire dashboard ended with exit code {_process.ExitCode}. Try it alone: aspire dashboard run");
            }

            try
            {
                using var answer = await http.GetAsync(Page, HttpCompletionOption.ResponseHeadersRead);
                return;
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                await Task.Delay(LookEvery);
            }
        }

        throw new StartException($"The Aspire dashboard does not answer within {StartTime.TotalSeconds:F0} s.");
    }
}
