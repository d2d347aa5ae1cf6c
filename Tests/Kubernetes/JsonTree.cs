using System.Text.Json.Nodes;

namespace TicketAspire.Tests.Kubernetes;

/// <summary>Looking into nested objects of which a part may be missing.</summary>
internal static class JsonTree
{
    extension(JsonNode? node)
    {
        /// <summary>What is at the end of these names; null if anything on the way is missing.</summary>
        public JsonNode? At(params string[] names)
        {
            var at = node;
            foreach (var name in names)
            {
                at = (at as JsonObject)?[name];
            }

            return at;
        }

        /// <summary>A scalar's text.</summary>
        public string? Text(params string[] names) => node.At(names) is JsonValue value ? value.ToString() : null;

        /// <summary>A list's items; none if it is missing.</summary>
        public JsonNode[] Items(params string[] names) =>
            node.At(names) is JsonArray items ? [.. items.Select(item => item!)] : [];

        /// <summary>A map's scalars as text; none if it is missing.</summary>
        public Dictionary<string, string> Map(params string[] names) =>
            node.At(names) is JsonObject map ? map.ToDictionary(entry => entry.Key, entry => entry.Value?.ToString() ?? string.Empty) : [];

        /// <summary>Every scalar in it, with the names that lead to it.</summary>
        public IEnumerable<(string Path, JsonValue Value)> Scalars(string path = "") => node switch
        {
            JsonObject map => map.SelectMany(entry => entry.Value.Scalars($"{path}.{entry.Key}")),
            JsonArray items => items.SelectMany((item, index) => item.Scalars($"{path}[{index}]")),
            JsonValue value => [(path, value)],
            _ => [],
        };
    }
}
