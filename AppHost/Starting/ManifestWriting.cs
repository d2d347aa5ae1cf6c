using Microsoft.Extensions.Configuration;
using TicketAspire.ServiceDefaults.Starting;

namespace TicketAspire.AppHost.Starting;

/// <summary>
/// Publishing the deployment manifest (<c>--publisher manifest --output-path FILE.json</c>). Where Aspire cannot write it, it says so in
/// its log and ends as if it had.
/// </summary>
internal static class ManifestWriting
{
    /// <summary>The file that is to be written; null where something else is published.</summary>
    /// <exception cref="StartException">The command line names none.</exception>
    public static FileInfo? Target(IConfiguration configuration)
    {
        if (!string.Equals(configuration["publisher"], "manifest", StringComparison.OrdinalIgnoreCase) && configuration["step"] != "publish-manifest")
        {
            return null;
        }

        var path = configuration["output-path"] is { Length: > 0 } named
            ? Path.GetFullPath(named)
            : throw new StartException("--output-path names the manifest's file: --publisher manifest --output-path ../aspire-manifest/manifest.json");
        // As Aspire does it with a folder.
        return new FileInfo(Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase) ? path : Path.Combine(path, "aspire-manifest.json"));
    }

    /// <summary>Refuses to call it done unless it has been written.</summary>
    /// <param name="target">The file.</param>
    /// <param name="before">When it was written before; null if it was not there.</param>
    /// <exception cref="StartException">It has not.</exception>
    public static void Require(FileInfo target, DateTime? before)
    {
        target.Refresh();
        if (!target.Exists || target.LastWriteTimeUtc == before)
        {
            throw new StartException($"The manifest '{target.FullName}' could not be written: the lines before say why");
        }
    }
}
