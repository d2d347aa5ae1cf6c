using System.Text.Json;

namespace TicketAspire.Storage.Elasticsearch;

/// <summary>Searches in Elasticsearch's query language. Whatever a person typed is a value in it, never a part of the language.</summary>
internal static class TicketQueries
{
    /// <summary>
    /// So many different words of a search must be in a ticket: Elasticsearch refuses queries of more than 1,024 parts. Of more
    /// words, the longest.
    /// </summary>
    public const int MostWords = 500;

    /// <summary>More words of a text tell hardly more of what is like it.</summary>
    private const int WordsLikened = 2_000;

    /// <summary>Writes a search.</summary>
    public static void WriteSearch(Utf8JsonWriter json, TicketLogQuery query, TicketCursor? before)
    {
        json.WriteStartObject();
        // One more than asked for tells whether another page follows.
        json.WriteNumber("size", query.Limit + 1);
        json.WriteBoolean("track_total_hits", false);
        json.WriteStartArray("sort");
        WriteOrder(json, TicketFields.At, "date");
        WriteOrder(json, TicketFields.Id, "keyword");
        json.WriteEndArray();
        if (before is { } end)
        {
            json.WriteStartArray("search_after");
            json.WriteNumberValue(end.At);
            json.WriteStringValue(end.Id);
            json.WriteEndArray();
        }

        json.WriteStartObject("query");
        json.WriteStartObject("bool");
        json.WriteStartArray("filter");
        WriteTerm(json, TicketFields.Classifier, query.Classifier);
        WriteTerm(json, TicketFields.Prediction, query.Prediction);
        WriteTerm(json, TicketFields.Label, query.Label);
        WriteTerm(json, TicketFields.Route, query.Route);
        WriteTerm(json, TicketFields.Who, query.Who);
        if (query.Agreed is { } agreed)
        {
            WriteTerm(json, TicketFields.Agreed, writer => writer.WriteBooleanValue(agreed));
        }

        if (query.Model is { } model)
        {
            WriteTerm(json, TicketFields.Model, writer => writer.WriteNumberValue(model));
        }

        WriteTime(json, query.From, query.To);
        WriteWords(json, query.Search);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes a search for tickets like a text. elastic.co/guide, "More like this query".</summary>
    public static void WriteSimilar(Utf8JsonWriter json, SimilarityQuery query, IReadOnlyList<string> words)
    {
        json.WriteStartObject();
        json.WriteNumber("size", query.Limit);
        json.WriteBoolean("track_total_hits", false);
        json.WriteStartObject("query");
        json.WriteStartObject("bool");
        json.WriteStartArray("must");
        json.WriteStartObject();
        json.WriteStartObject("more_like_this");
        json.WriteStartArray("fields");
        json.WriteStringValue(TicketFields.Text);
        json.WriteEndArray();
        json.WriteString("like", string.Join(' ', words.Take(WordsLikened)));
        json.WriteNumber("min_term_freq", 1);
        json.WriteNumber("min_doc_freq", 1);
        json.WriteNumber("max_query_terms", 16);
        json.WriteString("minimum_should_match", "1");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("filter");
        WriteTerm(json, TicketFields.Classifier, query.Classifier);
        json.WriteEndArray();
        json.WriteStartArray("must_not");
        WriteTerm(json, TicketFields.Id, query.Except);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes a condition on a field, unless the value is null.</summary>
    public static void WriteTerm(Utf8JsonWriter json, string field, string? value)
    {
        if (value is not null)
        {
            WriteTerm(json, field, writer => writer.WriteStringValue(value));
        }
    }

    /// <summary>Writes the condition that a ticket came in a time, unless it has neither end.</summary>
    public static void WriteTime(Utf8JsonWriter json, DateTimeOffset? from, DateTimeOffset? to)
    {
        if (from is null && to is null)
        {
            return;
        }

        // No ticket is older than 1970, and not every version reads negative times.
        json.WriteStartObject();
        json.WriteStartObject("range");
        json.WriteStartObject(TicketFields.At);
        if (from is { } first)
        {
            json.WriteNumber("gte", Math.Max(0, first.ToUnixTimeMilliseconds()));
        }

        if (to is { } last)
        {
            json.WriteNumber("lt", Math.Max(0, last.ToUnixTimeMilliseconds()));
        }

        json.WriteString("format", "epoch_millis");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteOrder(Utf8JsonWriter json, string field, string type)
    {
        json.WriteStartObject();
        json.WriteStartObject(field);
        json.WriteString("order", "desc");
        // An index without a ticket may not know the field yet.
        json.WriteString("unmapped_type", type);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTerm(Utf8JsonWriter json, string field, Action<Utf8JsonWriter> value)
    {
        json.WriteStartObject();
        json.WriteStartObject("term");
        json.WriteStartObject(field);
        json.WritePropertyName("value");
        value(json);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // All words by their stems; the last one by its stem, or as a beginning of a word as it is written.
    private static void WriteWords(Utf8JsonWriter json, string? search)
    {
        if (string.IsNullOrWhiteSpace(search))
        {
            return;
        }

        var words = SearchWords.Of(search);
        var whole = words.SkipLast(1).Distinct(StringComparer.Ordinal).ToArray();
        if (whole.Length > 0)
        {
            WriteMatch(json, "match", TicketFields.Text, string.Join(' ', whole.Length <= MostWords
                ? whole
                : whole.OrderByDescending(word => word.Length).Take(MostWords)));
        }

        json.WriteStartObject();
        json.WriteStartObject("bool");
        json.WriteStartArray("should");
        WriteMatch(json, "match", TicketFields.Text, words[^1]);
        WriteMatch(json, "match_bool_prefix", TicketFields.Folded, words[^1]);
        json.WriteEndArray();
        json.WriteNumber("minimum_should_match", 1);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMatch(Utf8JsonWriter json, string kind, string field, string words)
    {
        json.WriteStartObject();
        json.WriteStartObject(kind);
        json.WriteStartObject(field);
        json.WriteString("query", words);
        json.WriteString("operator", "and");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
