namespace TicketAspire.Benchmarks.Loop;

/// <summary>A temporary folder for a host's database, over all its lives; gone at the end.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ticketaspire-benchmarks-");

    /// <summary>Where it is.</summary>
    public string Path => _folder.FullName;

    /// <summary>The database.</summary>
    public string Database => System.IO.Path.Combine(Path, "data", "loop.db");

    public void Dispose() => _folder.Delete(recursive: true);
}
