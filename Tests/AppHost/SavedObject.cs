using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TicketAspire.Tests.AppHost;

/// <summary>A line of the export: one of Kibana's saved objects.</summary>
internal sealed partial record SavedObject(string Type, string Id, JsonObject Attributes, JsonObject Line)
{
    public string Title => Attributes["title"]!.GetValue<string>();

    public IReadOnlyList<(string Name, string Type, string Id)> References { get; } =
        [.. Line["references"]!.AsArray().Select(reference => (Text(reference!, "name"), Text(reference!, "type"), Text(reference!, "id")))];

    /// <summary>The columns of a Lens chart's only layer, by id.</summary>
    public JsonObject Columns => Layer["columns"]!.AsObject();

    public JsonObject Layer => Attributes["state"]!["datasourceStates"]!["indexpattern"]!["layers"]!["layer"]!.AsObject();

    /// <summary>What a Lens chart draws.</summary>
    public JsonObject Drawn => Attributes["state"]!["visualization"]!["layers"]!.AsArray().Single()!.AsObject();

    /// <summary>Every query in it, in Kibana's query language.</summary>
    public IReadOnlyList<string> Queries
    {
        get
        {
            var queries = Nodes(Attributes)
                .OfType<JsonObject>()
                .Where(node => node["language"]?.GetValue<string>() == "kuery")
                .Select(node => node["query"]!.GetValue<string>());
            var formulas = Nodes(Attributes)
                .OfType<JsonObject>()
                .Where(node => node.ContainsKey("formula"))
                .SelectMany(node => FormulaQuery.Matches(node["formula"]!.GetValue<string>()))
                .Select(match => match.Groups["query"].Value);
            return [.. queries.Concat(formulas).Where(query => query.Length > 0)];
        }
    }

    /// <summary>Every field that it asks for.</summary>
    public IReadOnlyList<string> Fields
    {
        get
        {
            var nodes = Nodes(Attributes).OfType<JsonObject>().ToArray();
            var sources = nodes.Where(node => node.ContainsKey("sourceField")).Select(node => Text(node, "sourceField")).Where(source => source != "Records");
            var listed = Type == "search"
                ? Attributes["columns"]!.AsArray().Concat(Attributes["sort"]!.AsArray().Select(sort => sort![0])).Select(column => column!.GetValue<string>())
                : [];
            var formatted = Type == "index-pattern" ? Attributes["fieldFormatMap"]!.AsObject().Select(format => format.Key) : [];
            var asked = Queries.SelectMany(query => QueryField.Matches(query)).Select(match => match.Groups["field"].Value);
            return [.. sources.Concat(listed).Concat(formatted).Concat(asked).Distinct()];
        }
    }

    [GeneratedRegex(@"kql='(?<query>[^']*)'", RegexOptions.ExplicitCapture)]
    private static partial Regex FormulaQuery { get; }

    // What stands before ":" or a comparison, outside of quotes.
    [GeneratedRegex(@"(?<field>[\w@.]+)\s*(:|>=|<=|<|>)", RegexOptions.ExplicitCapture)]
    private static partial Regex QueryField { get; }

    /// <summary>Reads the file; what Kibana keeps as JSON within a text is read, too.</summary>
    public static async Task<IReadOnlyList<SavedObject>> ReadAsync(string file, CancellationToken cancellation) =>
        [.. (await File.ReadAllLinesAsync(file, cancellation)).Select(Read)];

    private static SavedObject Read(string text)
    {
        var line = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false })!.AsObject();
        var attributes = line["attributes"]!.AsObject();
        Unfold(attributes, "fieldFormatMap");
        Unfold(attributes, "optionsJSON");
        Unfold(attributes, "panelsJSON");
        if (attributes["kibanaSavedObjectMeta"] is JsonObject meta)
        {
            Unfold(meta, "searchSourceJSON");
        }

        return new SavedObject(Text(line, "type"), Text(line, "id"), attributes, line);
    }

    private static void Unfold(JsonObject within, string name)
    {
        if (within[name] is { } text)
        {
            within[name] = JsonNode.Parse(text.GetValue<string>());
        }
    }

    private static string Text(JsonNode within, string name) => within[name]!.GetValue<string>();

    private static IEnumerable<JsonNode> Nodes(JsonNode node)
    {
        yield return node;
        var children = node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray items => items,
            _ => [],
        };
        foreach (var child in children.OfType<JsonNode>().SelectMany(Nodes))
        {
            yield return child;
        }
    }
}
