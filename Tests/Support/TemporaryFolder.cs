namespace TicketAspire.Tests.Support;

/// <summary>A folder that is gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("ticketaspire-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
