using System.Globalization;
using TicketAspire.ServiceDefaults.Errors;

namespace TicketAspire.Api;

/// <summary>A time in an address: ISO 8601, UTC where it names no zone; a date is its beginning.</summary>
internal static class TimeParameter
{
    private static readonly string[] Forms =
        ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    /// <summary>Reads it; null if it is absent or blank.</summary>
    /// <exception cref="RequestException">400: it is not a time.</exception>
    public static DateTimeOffset? Parse(string? text, string name) =>
        string.IsNullOrWhiteSpace(text) ? null
        : TryParse(text, DateTimeStyles.AllowWhiteSpaces, out var time) ? time
        : throw RequestException.BadRequest($"'{name}' must be a time: 2026-11-01 or 2026-11-01T08:30:00Z");

    /// <summary>Reads it in its own words for what is none.</summary>
    /// <param name="text">What the address says.</param>
    /// <param name="allowed">What else than the form itself may stand there.</param>
    /// <param name="time">The time.</param>
    /// <returns>False if it is not a time.</returns>
    public static bool TryParse(string text, DateTimeStyles allowed, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | allowed, out time);
}
