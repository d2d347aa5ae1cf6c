using System.Text.Json;

namespace TicketAspire.Tests.Support.Elasticsearch;

/// <summary>A request that is not as the documented API wants it, or that the stand-in does not know: answered with 400, and noted.</summary>
public sealed class StandInException(string message) : Exception(message)
{
    /// <summary>Every member must be one of these.</summary>
    public static void UnlessKnown(JsonElement node, string where, params ReadOnlySpan<string> members)
    {
        foreach (var member in AsObject(node, where).EnumerateObject())
        {
            if (!members.Contains(member.Name))
            {
                throw new StandInException($"{where}: unknown member '{member.Name}'");
            }
        }
    }

    /// <summary>The only member of an object, as queries and aggregations have it.</summary>
    public static JsonProperty Only(JsonElement node, string where) =>
        AsObject(node, where).EnumerateObject().ToArray() is [var only] ? only : throw new StandInException($"{where}: one member expected");

    public static JsonElement AsObject(JsonElement node, string where) =>
        node.ValueKind == JsonValueKind.Object ? node : throw new StandInException($"{where}: an object expected");
}
