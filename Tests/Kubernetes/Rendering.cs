using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit;

namespace TicketAspire.Tests.Kubernetes;

/// <summary>What <c>kubectl kustomize</c> makes of a folder of <c>aspire-manifest</c>; each folder is rendered once.</summary>
internal static class Rendering
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<KubernetesObject[]>>> Rendered = new();

    private static string? Kubectl { get; } = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "kubectl.exe" : "kubectl"))
        .FirstOrDefault(File.Exists);

    /// <summary>The objects of an overlay.</summary>
    public static Task<KubernetesObject[]> OverlayAsync(string name) => FolderAsync(Path.Combine("overlays", name));

    /// <summary>The objects of <c>base</c>.</summary>
    public static Task<KubernetesObject[]> BaseAsync() => FolderAsync("base");

    private static Task<KubernetesObject[]> FolderAsync(string folder)
    {
        Assert.SkipUnless(Kubectl is not null, "kubectl is not installed.");
        return Rendered.GetOrAdd(folder, _ => new Lazy<Task<KubernetesObject[]>>(() => RenderAsync(folder))).Value;
    }

    private static async Task<KubernetesObject[]> RenderAsync(string folder)
    {
        using var process = Process.Start(new ProcessStartInfo(Kubectl!, ["kustomize", Path.Combine(ManifestFolder.Path, folder)])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        // Not one test's time limit: the others wait for the same result.
        var errors = process.StandardError.ReadToEndAsync();
        var yaml = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? [.. YamlDocuments.Parse(yaml).Select(document => new KubernetesObject(document))]
            : throw new InvalidOperationException($"kubectl kustomize {folder}: {await errors}");
    }
}
