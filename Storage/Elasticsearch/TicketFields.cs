using System.Globalization;
using System.Text;
using System.Text.Json;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Elasticsearch;

/// <summary>A ticket as a document: its fields, and how they are written and read.</summary>
internal static class TicketFields
{
    public const string Id = "id";
    public const string At = "@timestamp";
    public const string Classifier = "classifier";
    public const string Text = "text";
    public const string Folded = "text.folded";
    public const string Prediction = "prediction";
    public const string Confidence = "confidence";
    public const string Route = "route";
    public const string Model = "model";
    public const string Label = "label";
    public const string Agreed = "agreed";
    public const string Who = "who";
    public const string LabelledAt = "labelled_at";

    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    /// <summary>Writes a ticket.</summary>
    public static void Write(Utf8JsonWriter json, Ticket ticket)
    {
        json.WriteStartObject();
        json.WriteString(At, Time(ticket.At));
        json.WriteString(Id, ticket.Id);
        json.WriteString(Classifier, ticket.Classifier);
        // As bytes: half a character, which JSON cannot hold, is replaced on the way.
        json.WriteString(Text, Encoding.UTF8.GetBytes(ticket.Text));
        json.WriteString(Prediction, ticket.Prediction);
        json.WriteNumber(Confidence, ticket.Confidence);
        json.WriteString(Route, ticket.Route);
        json.WriteNumber(Model, ticket.Model);
        if (ticket.Label is { } label)
        {
            WriteLabel(json, label, ticket.Prediction, ticket.Who, ticket.LabelledAt);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes what a label changes: all of it, so that nothing stays of the one before.</summary>
    public static void WriteLabel(Utf8JsonWriter json, string label, string? prediction, string? who, DateTimeOffset? at)
    {
        json.WriteString(Label, label);
        json.WriteBoolean(Agreed, label == prediction);
        json.WriteString(Who, who);
        json.WriteString(LabelledAt, at is { } time ? Time(time) : null);
    }

    /// <summary>Reads a document's source.</summary>
    public static Ticket Read(JsonElement source) => new()
    {
        Id = source.GetProperty(Id).GetString()!,
        Classifier = source.GetProperty(Classifier).GetString()!,
        Text = source.GetProperty(Text).GetString()!,
        Prediction = source.GetProperty(Prediction).GetString()!,
        Confidence = source.GetProperty(Confidence).GetDouble(),
        Route = source.GetProperty(Route).GetString()!,
        Model = source.GetProperty(Model).GetInt32(),
        At = source.GetProperty(At).GetDateTimeOffset(),
        Label = TextOrNull(source, Label),
        Who = TextOrNull(source, Who),
        LabelledAt = TextOrNull(source, LabelledAt) is { } at ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) : null,
    };

    /// <summary>The index of a ticket: its month, which its id tells; null for an id that tells no time.</summary>
    public static string? IndexOf(string id, ElasticsearchOptions options)
    {
        // A version 7 UUID begins with 48 bits of Unix milliseconds: RFC 9562, section 5.7.
        const int Digits = 12;
        if (!Guid.TryParseExact(id, "N", out var uuid) || uuid.Version != 7
            || !long.TryParse(id.AsSpan(0, Digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var milliseconds)
            || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return null;
        }

        return string.Create(
            CultureInfo.InvariantCulture, $"{options.Prefix}-tickets-{DateTimeOffset.FromUnixTimeMilliseconds(milliseconds):yyyy.MM}");
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static string? TextOrNull(JsonElement source, string name) =>
        source.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
