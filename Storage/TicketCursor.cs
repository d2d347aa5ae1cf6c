using System.Globalization;
using TicketAspire.Contracts;

namespace TicketAspire.Storage;

/// <summary>Where a page of tickets ended: the last one's place in the order of times and ids.</summary>
/// <param name="At">When the ticket came: Unix milliseconds.</param>
/// <param name="Id">The ticket.</param>
internal readonly record struct TicketCursor(long At, string Id)
{
    private const char Separator = '-';

    /// <summary>The place behind a ticket.</summary>
    public static TicketCursor Behind(Ticket ticket) => new(ticket.At.ToUnixTimeMilliseconds(), ticket.Id);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="ArgumentException">It is not the end of a page.</exception>
    public static TicketCursor Parse(string text)
    {
        var end = text.IndexOf(Separator, StringComparison.Ordinal);
        return end > 0 && end < text.Length - 1 && long.TryParse(text.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? new TicketCursor(at, text[(end + 1)..])
            : throw new ArgumentException("This is not the end of a page.", nameof(text));
    }

    /// <summary>Of one more ticket than asked for, a page, with its end if there is more.</summary>
    public static Page<Ticket> Page(List<Ticket> found, int limit)
    {
        if (found.Count <= limit)
        {
            return new Page<Ticket>(found, null);
        }

        found.RemoveRange(limit, found.Count - limit);
        return new Page<Ticket>(found, Behind(found[^1]).ToString());
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At}{Separator}{Id}");
}
