using TicketAspire.Contracts;

namespace TicketAspire.Storage;

/// <summary>
/// Tells a ticket log that is kept apart from the tickets what happens to them. Nobody waits and nobody fails: what cannot be
/// told yet waits in a buffer of limited size, and what has no room there is dropped, the oldest first, and counted. The stores
/// that hold the tickets themselves need no telling, and have none.
/// </summary>
public interface ITicketRecorder
{
    /// <summary>Tickets were classified.</summary>
    void Record(IReadOnlyList<Ticket> tickets);

    /// <summary>A ticket was given a label; feedback that is about no ticket is left out.</summary>
    void Label(FeedbackEntry entry);
}
