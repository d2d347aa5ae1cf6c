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

    private readonly string _path;

    private TemporaryFolder(string path) => _path = path;

    /// <summary>Makes the context use one.</summary>
    /// <param name="context">The context.</param>
    /// <param name="bytes">How much room is needed.</param>
    public static TemporaryFolder For(MLContext context, long bytes)
    {
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
