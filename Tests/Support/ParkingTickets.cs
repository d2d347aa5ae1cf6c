namespace TicketAspire.Tests.Support;

/// <summary>
/// Ten tickets of one kind that the starter data know nothing of. Out of the box they go anywhere; this organisation wants
/// them in <see cref="Category"/>.
/// </summary>
internal static class ParkingTickets
{
    public const string Category = "HR Support";

    public static readonly string[] Texts =
    [
        "My parking permit for the north garage ran out, please renew it",
        "The barrier at the garage does not recognise my number plate any more",
        "I have a new car, how do I change the plate on my parking permit?",
        "Could I get a parking space for the charging station on Tuesdays?",
        "garage permit wanted, starting next month, small electric car",
        "Somebody parks on my reserved space in the underground garage every Friday",
        "Please cancel my parking space, I come by bicycle now",
        "Two visitors need a parking permit for the south garage tomorrow",
        "lost my parking sticker, can I have another one",
        "Is there a waiting list for the covered garage and where am I on it",
    ];
}
