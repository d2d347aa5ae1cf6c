using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TicketAspire.Tests.Support.Elasticsearch;

/// <summary>A document, and its fields as an index has them.</summary>
internal sealed class StandInDocument(string index, string id, JsonObject source)
{
    public string Index { get; } = index;

    public string Id { get; } = id;

    public JsonObject Source { get; } = source;

    public List<string> Stems { get; } = StandInWords.Stems((string?)source["text"] ?? "");

    public List<string> Folded { get; } = StandInWords.Folded((string?)source["text"] ?? "");

    /// <summary>The words of a text field.</summary>
    public List<string> Words(string field) => field switch
    {
        "text" => Stems,
        "text.folded" => Folded,
        _ => throw new StandInException($"'{field}' is not a text"),
    };

    /// <summary>A field's value in a form that can be compared: texts, numbers (times as milliseconds), truth; null if it has none.</summary>
    public IComparable? Value(string field) => Comparable(field, Source[field] is { } node ? node.Deserialize<JsonElement>() : default);

    /// <summary>A value as the field's type reads it.</summary>
    public static IComparable? Comparable(string field, JsonElement value) => (StandInTemplate.TypeOf(field), value.ValueKind) switch
    {
        (_, JsonValueKind.Null or JsonValueKind.Undefined) => null,
        // Compared byte by byte, as keywords are: there is no culture here (InvariantGlobalization).
        ("keyword", JsonValueKind.String) => value.GetString(),
        ("date", JsonValueKind.Number) => (double)value.GetInt64(),
        ("date", JsonValueKind.String) => (double)DateTimeOffset.ParseExact(
            value.GetString()!, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds(),
        ("float" or "integer", JsonValueKind.Number) => value.GetDouble(),
        ("boolean", JsonValueKind.True or JsonValueKind.False) => value.GetBoolean(),
        ("boolean", JsonValueKind.String) => bool.Parse(value.GetString()!),
        var (type, kind) => throw new StandInException($"'{field}' is a {type}, but the value a {kind}"),
    };
}
