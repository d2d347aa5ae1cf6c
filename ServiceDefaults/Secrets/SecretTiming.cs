namespace TicketAspire.ServiceDefaults.Secrets;

/// <summary>How patiently secrets are asked for.</summary>
/// <param name="Every">How often a new version is looked for.</param>
/// <param name="Attempts">How often they are asked for at the start, before the service gives up.</param>
internal sealed record SecretTiming(TimeSpan Every, int Attempts)
{
    /// <summary>The pause after the first attempt; twice as long each time: 1 s.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause, at the start and while the store is away later: 15 s.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
}
