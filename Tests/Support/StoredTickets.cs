using TicketAspire.Contracts;

namespace TicketAspire.Tests.Support;

/// <summary>Tickets as the Api records them.</summary>
internal static class StoredTickets
{
    /// <summary>One that came a moment after the one before.</summary>
    public static Ticket Next(ManualTime time, string text, string classifier = "tickets")
    {
        time.Advance(TimeSpan.FromMilliseconds(5));
        return new Ticket
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()).ToString("N"),
            Classifier = classifier,
            Text = text,
            Prediction = "hardware",
            Confidence = 0.75,
            Route = Routes.Review,
            Model = 1,
            At = time.GetUtcNow(),
        };
    }
}
