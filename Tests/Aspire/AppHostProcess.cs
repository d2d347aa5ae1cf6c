using TicketAspire.Tests.EndToEnd;
using TicketAspire.Tests.Kubernetes;
using TicketAspire.Tests.Support;

namespace TicketAspire.Tests.Aspire;

/// <summary>The app host as a process of its own, as a user starts it.</summary>
internal static class AppHostProcess
{
    // In its own folder: beside the tests it would lack what the tests have from ASP.NET Core.
    private static readonly string Program = Path.GetFullPath(Path.Combine(
        ManifestFolder.Path, "..", "AppHost", Path.GetRelativePath(Path.Combine(ManifestFolder.Path, "..", "Tests"), AppContext.BaseDirectory), "AppHost.dll"));

    private static readonly string[] FreePorts = [.. HostOutput.FreePorts, "--Ports:Dashboard=0"];

    /// <summary>Starts it on free ports, its store in the folder, and waits until it says that it is ready.</summary>
    public static Task<HostProcess> StartAsync(string folder, params string[] args) =>
        HostProcess.StartAsync(Program, folder, [.. FreePorts, $"--Storage:Path={Path.Combine(folder, "test.db")}", .. args]);

    /// <summary>Starts it on free ports with these arguments and waits until it ends.</summary>
    public static Task<(int ExitCode, string Output)> RunToEndAsync(string folder, params string[] args) =>
        HostProcess.RunToEndAsync(Program, folder, [.. FreePorts, .. args]);
}
