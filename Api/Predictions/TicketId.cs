using System.Globalization;

namespace TicketAspire.Api.Predictions;

/// <summary>Makes the ids of tickets.</summary>
internal static class TicketId
{
    /// <summary>
    /// A UUID of version 7 in 32 hexadecimal digits, whose twelve bits after the milliseconds are the fraction of a millisecond
    /// (RFC 9562, 6.2, method 3): the store keeps milliseconds, and of two tickets within one the later is still listed first.
    /// </summary>
    public static string New(DateTimeOffset at)
    {
        var uuid = Guid.CreateVersion7(at).ToString("N");
        var fraction = (at.Ticks % TimeSpan.TicksPerMillisecond) * 4096 / TimeSpan.TicksPerMillisecond;
        return string.Create(CultureInfo.InvariantCulture, $"{uuid.AsSpan(0, 13)}{fraction:x3}{uuid.AsSpan(16)}");
    }
}
