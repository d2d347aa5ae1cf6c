using System.Buffers;
using System.Text.Json;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Elasticsearch;

/// <summary>
/// Writes the two lines of an operation, one operation after the other. elastic.co/guide, "Bulk API". For one thread at a time.
/// </summary>
internal sealed class TicketLines : IDisposable
{
    private const int Typical = 1_024;

    private readonly ElasticsearchOptions _options;
    private readonly ArrayBufferWriter<byte> _lines = new(Typical);
    private readonly Utf8JsonWriter _json;

    public TicketLines(ElasticsearchOptions options)
    {
        _options = options;
        _json = new Utf8JsonWriter(_lines);
    }

    /// <summary>
    /// A ticket's document. It is created, not indexed: sent a second time, after an answer was lost, it does not undo the label
    /// that somebody else has written meanwhile.
    /// </summary>
    /// <returns>The lines, until the next are written; none for an id that tells no month: such a ticket is none of ours.</returns>
    public ReadOnlySpan<byte> Of(Ticket ticket)
    {
        if (!Begin("create", ticket.Id))
        {
            return [];
        }

        EndAction();
        TicketFields.Write(_json, ticket);
        EndLine();
        return _lines.WrittenSpan;
    }

    /// <summary>A ticket's label, which stands in the feedback's words.</summary>
    /// <returns>The lines, until the next are written; none for an id that tells no month.</returns>
    public ReadOnlySpan<byte> Of(string ticketId, FeedbackEntry entry) =>
        OfLabel(ticketId, entry.Label, entry.Prediction, entry.Who, entry.At);

    /// <summary>The label that a ticket has.</summary>
    /// <returns>As for feedback.</returns>
    public ReadOnlySpan<byte> OfLabel(Ticket ticket) =>
        OfLabel(ticket.Id, ticket.Label!, ticket.Prediction, ticket.Who, ticket.LabelledAt);

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private ReadOnlySpan<byte> OfLabel(string ticketId, string label, string? prediction, string? who, DateTimeOffset? at)
    {
        if (!Begin("update", ticketId))
        {
            return [];
        }

        _json.WriteNumber("retry_on_conflict", 3);
        EndAction();
        _json.WriteStartObject();
        _json.WriteStartObject("doc");
        TicketFields.WriteLabel(_json, label, prediction, who, at);
        _json.WriteEndObject();
        _json.WriteEndObject();
        EndLine();
        return _lines.WrittenSpan;
    }

    private bool Begin(string action, string id)
    {
        _lines.ResetWrittenCount();
        _json.Reset();
        if (TicketFields.IndexOf(id, _options) is not { } index)
        {
            return false;
        }

        _json.WriteStartObject();
        _json.WriteStartObject(action);
        _json.WriteString("_index", index);
        _json.WriteString("_id", id);
        return true;
    }

    private void EndAction()
    {
        _json.WriteEndObject();
        _json.WriteEndObject();
        EndLine();
    }

    private void EndLine()
    {
        _json.Flush();
        _lines.Write("\n"u8);
        _json.Reset();
    }
}
