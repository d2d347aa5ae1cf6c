namespace TicketAspire.Storage.Elasticsearch;

/// <summary>Something that a bulk request is to do: create a ticket's document, or change its label.</summary>
/// <param name="Lines">What is sent for it: two lines of JSON.</param>
/// <param name="Labelled">The id of the ticket that it labels, which must be there already; null if it creates one.</param>
/// <param name="Missed">How often the ticket that is to be labelled was not there.</param>
internal readonly record struct TicketOperation(ReadOnlyMemory<byte> Lines, string? Labelled, int Missed = 0)
{
    /// <summary>True if it changes the label of a ticket.</summary>
    public bool IsLabel => Labelled is not null;
}
