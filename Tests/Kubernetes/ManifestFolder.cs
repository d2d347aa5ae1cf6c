using System.Text.Json.Nodes;

namespace TicketAspire.Tests.Kubernetes;

/// <summary>The repository's <c>aspire-manifest</c>, and what lies beside the repository.</summary>
internal static class ManifestFolder
{
    /// <summary>The overlays, by folder.</summary>
    public static readonly string[] Overlays = ["local", "production"];

    /// <summary>Its full path.</summary>
    public static string Path { get; } = Above(System.IO.Path.Combine("aspire-manifest", "manifest.json")) is { } manifest
        ? System.IO.Path.GetDirectoryName(manifest)!
        : throw new InvalidOperationException("There is no aspire-manifest above the tests.");

    /// <summary>The published schema of Kubernetes 1.32 (<c>shared/kubernetes</c>); null where it is not at hand.</summary>
    public static string? Schema { get; } = Above(System.IO.Path.Combine("shared", "kubernetes", "schema-1.32.json"));

    /// <summary>The resources of <c>manifest.json</c>, by name.</summary>
    public static JsonObject Resources() =>
        JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(Path, "manifest.json")))!["resources"]!.AsObject();

    /// <summary>Every file of the way to Kubernetes that is committed.</summary>
    public static IEnumerable<string> Files() => Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories);

    private static string? Above(string file)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = System.IO.Path.Combine(folder.FullName, file);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
