using Microsoft.ML;

namespace TicketAspire.Classifier.MLNet;

/// <summary>
/// A folder of our own for what ML.NET unpacks while it loads or saves a model: it knows no other way than through files, and
/// among these is the vocabulary of the training texts. In memory where there is such a file system with enough room, and
/// readable by nobody else; gone with this.
/// </summary>
internal sealed class TemporaryFolder : IDisposable
{
    private const string Prefix = "ticketaspire-mlnet-";
    private const string InMemory = "/dev/shm";

    /// <summary>What is older than this was left behind by a process that was killed: no load or save takes as long.</summary>
    private static readonly TimeSpan LongestUse = TimeSpan.FromHours(1);

    private static int _swept;

    private readonly string _path;

    private TemporaryFolder(string path) => _path = path;

    /// <summary>Makes the context use one.</summary>
    /// <param name="context">The context.</param>
    /// <param name="bytes">How much room is needed.</param>
    public static TemporaryFolder For(MLContext context, long bytes)
    {
        if (Interlocked.Exchange(ref _swept, 1) == 0)
        {
            Sweep(TimeProvider.System.GetUtcNow());
        }

        var folder = OperatingSystem.IsLinux() && HasRoom(bytes)
            ? Directory.CreateDirectory(
                Path.Combine(InMemory, $"{Prefix}{Guid.NewGuid():N}"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)
            : Directory.CreateTempSubdirectory(Prefix);
        context.TempFilePath = folder.FullName;
        return new TemporaryFolder(folder.FullName);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }

    /// <summary>Deletes what killed processes have left behind. What cannot be deleted is another user's, or being deleted.</summary>
    internal static void Sweep(DateTimeOffset now)
    {
        var accessible = new EnumerationOptions { IgnoreInaccessible = true };
        foreach (var parent in new[] { InMemory, Path.GetTempPath() }.Where(Directory.Exists))
        {
            foreach (var folder in new DirectoryInfo(parent).EnumerateDirectories($"{Prefix}*", accessible))
            {
                try
                {
                    if (now - new DateTimeOffset(folder.LastWriteTimeUtc) > LongestUse)
                    {
                        folder.Delete(recursive: true);
                    }
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    continue;
                }
            }
        }
    }

    private static bool HasRoom(long bytes)
    {
        try
        {
            return Directory.Exists(InMemory) && new DriveInfo(InMemory).AvailableFreeSpace > 2 * bytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
