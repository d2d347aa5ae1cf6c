using TicketAspire.ServiceDefaults.Errors;

namespace TicketAspire.Api;

/// <summary>How long a page may be.</summary>
internal static class Paging
{
    private const int Default = 20;
    private const int Most = 200;

    /// <exception cref="RequestException">400: no such length.</exception>
    public static int Limit(int? limit) => limit switch
    {
        null => Default,
        >= 1 and <= Most => limit.Value,
        _ => throw RequestException.BadRequest($"'limit' must be a number from 1 to {Most}"),
    };
}
