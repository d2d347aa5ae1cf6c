using TicketAspire.Tests.Support;

namespace TicketAspire.Tests.EndToEnd;

/// <summary>The stand-alone host as a process of its own.</summary>
internal static class StandaloneProcess
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Standalone.dll");

    /// <summary>Starts it on free ports and waits until it says that it is ready.</summary>
    public static Task<HostProcess> StartAsync(string folder, params string[] args) =>
        HostProcess.StartAsync(Program, folder, [.. HostOutput.FreePorts, .. args]);

    /// <summary>Starts it on free ports and waits until it says where it listens; its models may be still to come.</summary>
    public static Task<HostProcess> StartListeningAsync(string folder, params string[] args) =>
        HostProcess.StartListeningAsync(Program, folder, [.. HostOutput.FreePorts, .. args]);

    /// <summary>Starts it with these arguments alone and waits until it ends.</summary>
    public static Task<(int ExitCode, string Output)> RunToEndAsync(string folder, params string[] args) =>
        HostProcess.RunToEndAsync(Program, folder, args);
}
