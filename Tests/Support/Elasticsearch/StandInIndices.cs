using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TicketAspire.Tests.Support.Elasticsearch;

/// <summary>The documents of a stand-in: bulk requests change them, searches find them.</summary>
internal sealed class StandInIndices
{
    private readonly Dictionary<string, Dictionary<string, StandInDocument>> _indices = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Names => [.. _indices.Keys.Order(StringComparer.Ordinal)];

    public IReadOnlyList<StandInDocument> All => [.. _indices.Values.SelectMany(index => index.Values)];

    public bool Delete(string name) => _indices.Remove(name);

    /// <summary>Carries out a bulk request; <paramref name="refuse"/> may give an item another status than it would have.</summary>
    public JsonObject Bulk(byte[] body, Func<string, bool> hasTemplate, Func<string, string, int?> refuse)
    {
        if (body.Length == 0 || body[^1] != (byte)'\n')
        {
            throw new StandInException("_bulk: The bulk request must be terminated by a newline [\\n]");
        }

        var lines = Encoding.UTF8.GetString(body)[..^1].Split('\n');
        var items = new JsonArray();
        for (var i = 0; i + 1 < lines.Length; i += 2)
        {
            items.Add(Item(Parse(lines[i]), Parse(lines[i + 1]), hasTemplate, refuse));
        }

        if (lines.Length % 2 != 0)
        {
            throw new StandInException("_bulk: an action without its source");
        }

        var errors = items.Any(item => (int)item!.AsObject().First().Value!["status"]! >= 300);
        return new JsonObject { ["took"] = 1, ["errors"] = errors, ["items"] = items };
    }

    public JsonObject Search(string pattern, JsonElement body)
    {
        StandInException.UnlessKnown(body, "search", "size", "track_total_hits", "sort", "search_after", "query", "aggs");
        var documents = _indices.Where(index => Fits(index.Key, pattern)).SelectMany(index => index.Value.Values).ToArray();
        var queries = new StandInQuery(documents);
        var query = queries.Read(body.GetProperty("query"));
        var found = documents
            .Select(document => (Document: document, Score: query(document)))
            .Where(one => one.Score is not null)
            .Select(one => (one.Document, Score: one.Score!.Value))
            .ToArray();
        var answer = new JsonObject
        {
            ["took"] = 1, ["timed_out"] = false, ["_shards"] = new JsonObject { ["total"] = _indices.Count, ["failed"] = 0 },
        };
        // Of no index it answers without any.
        if (body.TryGetProperty("aggs", out var aggregations) && _indices.Keys.Any(index => Fits(index, pattern)))
        {
            answer["aggregations"] = new StandInAggregations(queries).Read(aggregations, [.. found.Select(one => one.Document)]);
        }

        answer["hits"] = Hits(body, found);
        return answer;
    }

    public static bool Fits(string name, string pattern) =>
        pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern;

    private static JsonElement Parse(string line)
    {
        try
        {
            return JsonElement.Parse(line);
        }
        catch (JsonException)
        {
            throw new StandInException("_bulk: a line is not JSON");
        }
    }

    private JsonObject Item(JsonElement action, JsonElement source, Func<string, bool> hasTemplate, Func<string, string, int?> refuse)
    {
        var named = StandInException.Only(action, "_bulk");
        StandInException.UnlessKnown(named.Value, named.Name, named.Name == "update" ? ["_index", "_id", "retry_on_conflict"] : ["_index", "_id"]);
        var (index, id) = (named.Value.GetProperty("_index").GetString()!, named.Value.GetProperty("_id").GetString()!);
        var (status, error) = refuse(named.Name, id) is { } other
            ? (other, "made_up_exception")
            : Carry(named.Name, index, id, source, hasTemplate);
        var result = new JsonObject { ["_index"] = index, ["_id"] = id, ["status"] = status };
        if (error is not null)
        {
            result["error"] = new JsonObject { ["type"] = error, ["reason"] = "quotes the document" };
        }

        return new JsonObject { [named.Name] = result };
    }

    private (int Status, string? Error) Carry(string action, string name, string id, JsonElement source, Func<string, bool> hasTemplate)
    {
        if (!hasTemplate(name))
        {
            throw new StandInException($"the index '{name}' is written before there is a template for it");
        }

        if (!_indices.TryGetValue(name, out var index))
        {
            _indices[name] = index = new Dictionary<string, StandInDocument>(StringComparer.Ordinal);
        }

        index.TryGetValue(id, out var present);
        switch (action)
        {
            case "create" when present is not null:
                return (409, "version_conflict_engine_exception");
            case "create":
                index[id] = Document(name, id, JsonNode.Parse(source.GetRawText())!.AsObject());
                return (201, null);
            case "update" when present is null:
                return (404, "document_missing_exception");
            case "update":
                StandInException.UnlessKnown(source, "update", "doc");
                var changed = JsonNode.Parse(present.Source.ToJsonString())!.AsObject();
                foreach (var field in source.GetProperty("doc").EnumerateObject())
                {
                    changed[field.Name] = JsonNode.Parse(field.Value.GetRawText());
                }

                index[id] = Document(name, id, changed);
                return (200, null);
            default:
                throw new StandInException($"_bulk: the stand-in does not know the action '{action}'");
        }
    }

    private static StandInDocument Document(string index, string id, JsonObject source)
    {
        var document = new StandInDocument(index, id, source);
        foreach (var (field, _) in source)
        {
            if (StandInTemplate.TypeOf(field) != "text")
            {
                document.Value(field);
            }
        }

        return document;
    }

    private static JsonObject Hits(JsonElement body, (StandInDocument Document, double Score)[] found)
    {
        var size = body.GetProperty("size").GetInt32();
        if (!body.TryGetProperty("sort", out var sort))
        {
            var best = found.OrderByDescending(one => one.Score).Take(size).ToArray();
            return new JsonObject
            {
                ["max_score"] = best.Length == 0 ? null : best[0].Score,
                ["hits"] = new JsonArray([.. best.Select(one => Hit(one.Document, one.Score))]),
            };
        }

        var fields = sort.EnumerateArray().Select(one =>
        {
            var field = StandInException.Only(one, "sort");
            StandInException.UnlessKnown(field.Value, "sort", "order", "unmapped_type");
            return field.Value.GetProperty("order").GetString() == "desc" ? field.Name : throw new StandInException("sort: desc expected");
        }).ToArray();
        IComparable?[] after = body.TryGetProperty("search_after", out var values)
            ? [.. values.EnumerateArray().Select((value, i) => StandInDocument.Comparable(fields[i], value))]
            : [];
        if (after.Length > 0 && after.Length != fields.Length)
        {
            throw new StandInException("search_after: a value for each field of the sort expected");
        }

        var ordered = fields.Aggregate(
            found.Select(one => one.Document).Order(Comparer<StandInDocument>.Create((_, _) => 0)),
            (documents, field) => documents.ThenByDescending(document => document.Value(field)));
        return new JsonObject
        {
            ["max_score"] = null,
            ["hits"] = new JsonArray([.. ordered.Where(document => IsBehind(document, fields, after)).Take(size).Select(document => Hit(document, null))]),
        };
    }

    private static bool IsBehind(StandInDocument document, string[] fields, IComparable?[] after)
    {
        foreach (var (field, end) in fields.Zip(after))
        {
            var order = document.Value(field)!.CompareTo(end);
            if (order != 0)
            {
                return order < 0;
            }
        }

        return after.Length == 0;
    }

    private static JsonObject Hit(StandInDocument document, double? score) => new()
    {
        ["_index"] = document.Index, ["_id"] = document.Id, ["_score"] = score, ["_source"] = JsonNode.Parse(document.Source.ToJsonString()),
    };
}
