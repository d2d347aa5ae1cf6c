using System.Text.Json;

namespace TicketAspire.Storage.Elasticsearch;

/// <summary>
/// The template of the tickets' indices: which fields there are, and how texts become words. Words are those of
/// <see cref="SearchWords"/> and of SQLite's index: no word is left out, accents and case do not count, English inflections
/// meet in their stem.
/// </summary>
internal static class ElasticsearchTemplate
{
    /// <summary>Higher than that of the templates that Elasticsearch brings along.</summary>
    public const int Priority = 200;

    /// <summary>Of a longer word, so many characters count: Lucene refuses terms of more than 32,766 bytes.</summary>
    private const int LongestWord = 255;

    /// <summary>Fields that are filtered by, and counted, as they are.</summary>
    private static readonly string[] Keywords =
        [TicketFields.Id, TicketFields.Classifier, TicketFields.Prediction, TicketFields.Route, TicketFields.Label, TicketFields.Who];

    /// <summary>How indices find the policy that deletes them.</summary>
    public enum Lifecycle
    {
        /// <summary>There is none.</summary>
        None,

        /// <summary>They name it (ILM).</summary>
        ByName,

        /// <summary>It names them (ISM).</summary>
        ByPattern,
    }

    /// <summary>Writes the template. elastic.co/guide, "Create or update index template API".</summary>
    public static void Write(Utf8JsonWriter json, ElasticsearchOptions options, Lifecycle lifecycle)
    {
        json.WriteStartObject();
        json.WriteStartArray("index_patterns");
        json.WriteStringValue(options.TicketIndices);
        json.WriteEndArray();
        json.WriteNumber("priority", Priority);
        json.WriteStartObject("template");
        WriteSettings(json, options, lifecycle);
        WriteMappings(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSettings(Utf8JsonWriter json, ElasticsearchOptions options, Lifecycle lifecycle)
    {
        json.WriteStartObject("settings");
        json.WriteStartObject("index");
        json.WriteNumber("number_of_shards", 1);
        // A single node has nowhere to put a copy.
        json.WriteString("auto_expand_replicas", "0-1");
        if (lifecycle == Lifecycle.ByName)
        {
            json.WriteStartObject("lifecycle");
            json.WriteString("name", options.TicketTemplate);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("analysis");
        json.WriteStartObject("char_filter");
        json.WriteStartObject("ticket_marks");
        json.WriteString("type", "pattern_replace");
        // An accent that is a character of its own.
        json.WriteString("pattern", "[\\u0300-\\u036f]");
        json.WriteString("replacement", string.Empty);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("tokenizer");
        json.WriteStartObject("ticket_words");
        json.WriteString("type", "pattern");
        json.WriteString("pattern", SearchWords.BetweenPattern);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("filter");
        json.WriteStartObject("ticket_length");
        json.WriteString("type", "truncate");
        json.WriteNumber("length", LongestWord);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("analyzer");
        WriteAnalyzer(json, "ticket_stems", "lowercase", "asciifolding", "porter_stem", "ticket_length");
        WriteAnalyzer(json, "ticket_folded", "lowercase", "asciifolding", "ticket_length");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteAnalyzer(Utf8JsonWriter json, string name, params ReadOnlySpan<string> filters)
    {
        json.WriteStartObject(name);
        json.WriteString("type", "custom");
        json.WriteStartArray("char_filter");
        json.WriteStringValue("ticket_marks");
        json.WriteEndArray();
        json.WriteString("tokenizer", "ticket_words");
        json.WriteStartArray("filter");
        foreach (var filter in filters)
        {
            json.WriteStringValue(filter);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMappings(Utf8JsonWriter json)
    {
        json.WriteStartObject("mappings");
        // What a later version adds is kept, and indexed once the template knows it.
        json.WriteBoolean("dynamic", false);
        json.WriteStartObject("properties");
        WriteField(json, TicketFields.At, "date");
        WriteField(json, TicketFields.LabelledAt, "date");
        WriteField(json, TicketFields.Confidence, "float");
        WriteField(json, TicketFields.Model, "integer");
        WriteField(json, TicketFields.Agreed, "boolean");
        foreach (var keyword in Keywords)
        {
            WriteField(json, keyword, "keyword");
        }

        json.WriteStartObject(TicketFields.Text);
        json.WriteString("type", "text");
        json.WriteString("analyzer", "ticket_stems");
        json.WriteStartObject("fields");
        json.WriteStartObject("folded");
        json.WriteString("type", "text");
        json.WriteString("analyzer", "ticket_folded");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter json, string name, string type)
    {
        json.WriteStartObject(name);
        json.WriteString("type", type);
        json.WriteEndObject();
    }
}
