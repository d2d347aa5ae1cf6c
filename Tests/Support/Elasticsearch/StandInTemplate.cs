using System.Text.Json;

namespace TicketAspire.Tests.Support.Elasticsearch;

/// <summary>Checks the index template: the fields, and analyzers that <see cref="StandInWords"/> can carry out.</summary>
internal static class StandInTemplate
{
    private static readonly Dictionary<string, string> Fields = new(StringComparer.Ordinal)
    {
        ["@timestamp"] = "date", ["labelled_at"] = "date", ["confidence"] = "float", ["model"] = "integer", ["agreed"] = "boolean",
        ["id"] = "keyword", ["classifier"] = "keyword", ["prediction"] = "keyword", ["route"] = "keyword", ["label"] = "keyword", ["who"] = "keyword",
        ["text"] = "text",
    };

    public static string TypeOf(string field) =>
        Fields.TryGetValue(field, out var type) ? type : throw new StandInException($"no field '{field}' is mapped");

    /// <summary>Checks the template and returns its pattern.</summary>
    public static string Check(JsonElement body, bool lifecycle)
    {
        StandInException.UnlessKnown(body, "template", "index_patterns", "priority", "template");
        var template = body.GetProperty("template");
        StandInException.UnlessKnown(template, "template", "settings", "mappings");
        var settings = template.GetProperty("settings");
        StandInException.UnlessKnown(settings, "settings", "index", "analysis");
        var index = settings.GetProperty("index");
        StandInException.UnlessKnown(index, "settings.index", "number_of_shards", "auto_expand_replicas", "lifecycle");
        if (index.TryGetProperty("lifecycle", out var named) != lifecycle)
        {
            throw new StandInException("settings.index.lifecycle is there where there is no policy, or not where there is one");
        }

        if (lifecycle)
        {
            StandInException.UnlessKnown(named, "settings.index.lifecycle", "name");
        }

        CheckAnalysis(settings.GetProperty("analysis"));
        var mappings = template.GetProperty("mappings");
        StandInException.UnlessKnown(mappings, "mappings", "dynamic", "properties");
        var properties = mappings.GetProperty("properties");
        StandInException.UnlessKnown(properties, "properties", [.. Fields.Keys]);
        foreach (var (name, type) in Fields)
        {
            var field = properties.GetProperty(name);
            StandInException.UnlessKnown(field, name, type == "text" ? ["type", "analyzer", "fields"] : ["type"]);
            Expect(name, field.GetProperty("type").GetString(), type);
        }

        var text = properties.GetProperty("text");
        Expect("text", text.GetProperty("analyzer").GetString(), "ticket_stems");
        Expect("text.folded", text.GetProperty("fields").GetProperty("folded").GetProperty("analyzer").GetString(), "ticket_folded");
        return body.GetProperty("index_patterns")[0].GetString()!;
    }

    private static void CheckAnalysis(JsonElement analysis)
    {
        StandInException.UnlessKnown(analysis, "analysis", "char_filter", "tokenizer", "filter", "analyzer");
        var marks = analysis.GetProperty("char_filter").GetProperty("ticket_marks");
        Expect("char_filter", $"{marks.GetProperty("type")} {marks.GetProperty("pattern")}", @"pattern_replace [\u0300-\u036f]");
        var words = analysis.GetProperty("tokenizer").GetProperty("ticket_words");
        Expect("tokenizer", $"{words.GetProperty("type")} {words.GetProperty("pattern")}", @"pattern [^\p{L}\p{N}\p{M}\p{Co}]+");
        var length = analysis.GetProperty("filter").GetProperty("ticket_length");
        Expect("filter", $"{length.GetProperty("type")} {length.GetProperty("length")}", "truncate 255");
        CheckAnalyzer(analysis, "ticket_stems", "lowercase asciifolding porter_stem ticket_length");
        CheckAnalyzer(analysis, "ticket_folded", "lowercase asciifolding ticket_length");
    }

    private static void CheckAnalyzer(JsonElement analysis, string name, string filters)
    {
        var analyzer = analysis.GetProperty("analyzer").GetProperty(name);
        StandInException.UnlessKnown(analyzer, name, "type", "char_filter", "tokenizer", "filter");
        Expect(name, analyzer.GetProperty("type").GetString(), "custom");
        Expect(name, analyzer.GetProperty("tokenizer").GetString(), "ticket_words");
        Expect(name, string.Join(' ', analyzer.GetProperty("char_filter").EnumerateArray().Select(one => one.GetString())), "ticket_marks");
        Expect(name, string.Join(' ', analyzer.GetProperty("filter").EnumerateArray().Select(one => one.GetString())), filters);
    }

    private static void Expect(string where, string? found, string expected)
    {
        if (found != expected)
        {
            throw new StandInException($"{where}: '{found}', where the stand-in can only carry out '{expected}'");
        }
    }
}
