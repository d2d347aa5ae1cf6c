namespace TicketAspire.ServiceDefaults.Telemetry;

/// <summary>The paths that orchestrators ask every few seconds.</summary>
internal static class HealthPaths
{
    /// <summary>True for one of them.</summary>
    public static bool Contains(string? path) => path is "/alive" or "/ready" or "/health";
}
