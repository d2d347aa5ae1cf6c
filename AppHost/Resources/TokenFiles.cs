namespace TicketAspire.AppHost.Resources;

/// <summary>Tokens in files, in a folder of this process that nobody else can read and that goes with it.</summary>
internal static class TokenFiles
{
    private static readonly Lazy<string> Folder = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("ticketaspire-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(folder);
        return folder;
    });

    /// <summary>Writes a service's token and returns the file's path.</summary>
    public static string Keep(string service, string token)
    {
        var path = Path.Combine(Folder.Value, $"{service}-{Guid.NewGuid():N}");
        File.WriteAllText(path, token);
        return path;
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody has cleared up before; an exception here would be a crash at the end.
        }
    }
}
