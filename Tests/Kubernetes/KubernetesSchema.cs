using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TicketAspire.Tests.Kubernetes;

/// <summary>
/// The schema of <c>shared/kubernetes</c>: for each kind a model, for each model its fields with their types in the words of
/// the generated TypeScript client (<c>Array&lt;V1Container&gt;</c>, <c>{ [key: string]: string; }</c>).
/// </summary>
internal sealed partial class KubernetesSchema(string path)
{
    private static readonly string[] PortFields = ["containerPort", "port", "hostPort", "nodePort"];
    private static readonly string[] QuantityMaps = ["limits", "requests", "hard"];

    private readonly JsonNode _schema = JsonNode.Parse(File.ReadAllText(path))!;

    /// <summary>What is wrong with an object; nothing if all is well.</summary>
    public IEnumerable<string> Faults(KubernetesObject one) =>
        _schema.Text("roots", one.Type) is { } model
            ? Model(one.Body, model, one.ToString())
            : [$"{one}: {one.Type} is no type of Kubernetes {_schema.Text("version")}."];

    private IEnumerable<string> Model(JsonNode? node, string model, string path)
    {
        if (node is not JsonObject map)
        {
            return [$"{path} is not a map."];
        }

        var fields = _schema.At("models", model)!.AsObject();
        var known = map.SelectMany(entry => fields[entry.Key] is { } field
            ? Value(entry.Value, field.Text("t")!, field.Text("f"), entry.Key, $"{path}.{entry.Key}")
            : [$"{path}.{entry.Key} is no field of {model}."]);
        var missing = fields
            .Where(field => field.Value.At("r") is not null && map[field.Key] is null)
            .Select(field => $"{path}.{field.Key} is missing.");
        return [.. known, .. missing];
    }

    private IEnumerable<string> Value(JsonNode? node, string type, string? format, string field, string path)
    {
        if (node is null)
        {
            return [$"{path} is null."];
        }

        if (ListType().Match(type) is { Success: true } list)
        {
            return node is JsonArray items
                ? items.SelectMany((item, index) => Value(item, list.Groups["of"].Value, format, field, $"{path}[{index}]"))
                : [$"{path} is not a list."];
        }

        if (MapType().Match(type) is { Success: true } map)
        {
            return node is JsonObject entries
                ? entries.SelectMany(entry => QuantityMaps.Contains(field)
                    ? Quantity(entry.Value, $"{path}.{entry.Key}")
                    : Value(entry.Value, map.Groups["of"].Value, format, field, $"{path}.{entry.Key}"))
                : [$"{path} is not a map."];
        }

        if (_schema.At("models", type) is not null)
        {
            return Model(node, type, path);
        }

        if (field == "sizeLimit")
        {
            return Quantity(node, path);
        }

        var kind = node.GetValueKind();
        var fits = type switch
        {
            "string" or "Date" => kind == JsonValueKind.String,
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            "number" => kind == JsonValueKind.Number && (format is null || IsWhole(node)),
            "IntOrString" => kind == JsonValueKind.String || IsWhole(node),
            "any" => true,
            _ => throw new InvalidOperationException($"The schema has a type that is not known here: {type}."),
        };
        if (!fits)
        {
            return [$"{path} is {node.ToJsonString()}, not a {type}."];
        }

        return type == "number" && PortFields.Contains(field) && node.GetValue<long>() is < 1 or > 65_535
            ? [$"{path} is no port: {node}."]
            : [];
    }

    private static bool IsWhole(JsonNode node) =>
        node.GetValueKind() == JsonValueKind.Number
        && long.TryParse(node.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static IEnumerable<string> Quantity(JsonNode? node, string path) =>
        node is JsonValue value && QuantityPattern().IsMatch(value.ToString()) ? [] : [$"{path} is no quantity: {node?.ToJsonString()}."];

    [GeneratedRegex("^(Array|Set)<(?<of>.+)>$", RegexOptions.ExplicitCapture)]
    private static partial Regex ListType();

    [GeneratedRegex(@"^\{ \[key: string\]: (?<of>.+); \}$", RegexOptions.ExplicitCapture)]
    private static partial Regex MapType();

    [GeneratedRegex(@"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+|Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex QuantityPattern();
}
