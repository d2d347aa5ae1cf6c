using System.Text.Json;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Elasticsearch;

/// <summary>Something that a bulk request is to do: create a ticket's document, or change its label.</summary>
internal sealed class TicketOperation
{
    /// <summary>About what an operation takes beside its text: bytes.</summary>
    private const int Overhead = 512;

    private readonly Ticket? _ticket;
    private readonly FeedbackEntry? _label;

    private TicketOperation(string index, string id, Ticket? ticket, FeedbackEntry? label)
    {
        Index = index;
        Id = id;
        _ticket = ticket;
        _label = label;
    }

    /// <summary>The index.</summary>
    public string Index { get; }

    /// <summary>The document: the ticket's id.</summary>
    public string Id { get; }

    /// <summary>True if it changes the label of a ticket that must be there already.</summary>
    public bool IsLabel => _label is not null;

    /// <summary>How much room it takes, about: bytes.</summary>
    public long Size => Overhead + ((_ticket?.Text.Length ?? 0) * sizeof(char));

    /// <summary>How often the ticket that is to be labelled was not there.</summary>
    public int Missed { get; set; }

    /// <summary>A ticket's document. Null for an id that tells no month: such a ticket is none of ours.</summary>
    public static TicketOperation? Of(Ticket ticket, ElasticsearchOptions options) =>
        TicketFields.IndexOf(ticket.Id, options) is { } index ? new TicketOperation(index, ticket.Id, ticket, null) : null;

    /// <summary>A ticket's label, which stands in the feedback's words.</summary>
    public static TicketOperation? Of(FeedbackEntry entry, ElasticsearchOptions options) =>
        entry.TicketId is { } id && TicketFields.IndexOf(id, options) is { } index
            // The text is the ticket's: there is no need to keep it twice.
            ? new TicketOperation(index, id, null, entry with { Text = string.Empty })
            : null;

    /// <summary>
    /// Writes its two lines. A ticket is created, not indexed: sent a second time, after an answer was lost, it does not undo the
    /// label that somebody else has written meanwhile.
    /// </summary>
    public void Write(Utf8JsonWriter json, Stream lines)
    {
        json.WriteStartObject();
        json.WriteStartObject(IsLabel ? "update" : "create");
        json.WriteString("_index", Index);
        json.WriteString("_id", Id);
        if (IsLabel)
        {
            json.WriteNumber("retry_on_conflict", 3);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        End(json, lines);
        if (_ticket is not null)
        {
            TicketFields.Write(json, _ticket);
        }
        else
        {
            json.WriteStartObject();
            json.WriteStartObject("doc");
            TicketFields.WriteLabel(json, _label!.Label, _label.Prediction, _label.Who, _label.At);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        End(json, lines);
    }

    private static void End(Utf8JsonWriter json, Stream lines)
    {
        json.Flush();
        lines.WriteByte((byte)'\n');
        json.Reset();
    }
}
