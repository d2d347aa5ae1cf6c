using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TicketAspire.Tests.Support.Elasticsearch;

/// <summary>Carries aggregations out on documents in memory: those that are used, with their documented members.</summary>
internal sealed class StandInAggregations(StandInQuery queries)
{
    public JsonObject Read(JsonElement aggregations, IReadOnlyList<StandInDocument> documents)
    {
        var answer = new JsonObject();
        foreach (var named in aggregations.EnumerateObject())
        {
            StandInException.UnlessKnown(
                named.Value, named.Name, "filter", "date_histogram", "terms", "avg", "percentiles", "aggs");
            var kind = named.Value.EnumerateObject().Single(member => member.Name != "aggs");
            answer[named.Name] = kind.Name switch
            {
                "filter" => Filter(kind.Value, named.Value, documents),
                "date_histogram" => DateHistogram(kind.Value, named.Value, documents),
                "terms" => Terms(kind.Value, named.Value, documents),
                "avg" => Average(kind.Value, documents),
                _ => Percentiles(kind.Value, documents),
            };
        }

        return answer;
    }

    private JsonObject Bucket(JsonElement named, IReadOnlyList<StandInDocument> documents)
    {
        var bucket = named.TryGetProperty("aggs", out var inner) ? Read(inner, documents) : [];
        bucket["doc_count"] = documents.Count;
        return bucket;
    }

    private JsonObject Filter(JsonElement filter, JsonElement named, IReadOnlyList<StandInDocument> documents)
    {
        var query = queries.Read(filter);
        return Bucket(named, [.. documents.Where(document => query(document) is not null)]);
    }

    private JsonObject DateHistogram(JsonElement histogram, JsonElement named, IReadOnlyList<StandInDocument> documents)
    {
        StandInException.UnlessKnown(histogram, "date_histogram", "field", "calendar_interval", "min_doc_count");
        if (histogram.GetProperty("min_doc_count").GetInt32() != 1)
        {
            throw new StandInException("date_histogram: the stand-in knows no empty buckets");
        }

        var interval = histogram.GetProperty("calendar_interval").GetString()!;
        return Buckets(documents
            .GroupBy(document => Start((long)(double)Field(document, histogram)!, interval))
            .OrderBy(group => group.Key)
            .Select(group => With(Bucket(named, [.. group]), group.Key)));
    }

    private JsonObject Terms(JsonElement terms, JsonElement named, IReadOnlyList<StandInDocument> documents)
    {
        StandInException.UnlessKnown(terms, "terms", "field", "size");
        return Buckets(documents
            .Where(document => Field(document, terms) is not null)
            .GroupBy(document => Field(document, terms)!)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key)
            .Take(terms.GetProperty("size").GetInt32())
            .Select(group => With(Bucket(named, [.. group]), group.Key is double number ? JsonValue.Create((long)number) : group.Key.ToString())));
    }

    private static JsonObject Average(JsonElement average, IReadOnlyList<StandInDocument> documents)
    {
        StandInException.UnlessKnown(average, "avg", "field");
        var values = Values(average, documents);
        return new JsonObject { ["value"] = values.Length == 0 ? null : values.Average() };
    }

    private static JsonObject Percentiles(JsonElement percentiles, IReadOnlyList<StandInDocument> documents)
    {
        StandInException.UnlessKnown(percentiles, "percentiles", "field", "percents");
        var values = Values(percentiles, documents);
        var answer = new JsonObject();
        foreach (var percent in percentiles.GetProperty("percents").EnumerateArray().Select(one => one.GetDouble()))
        {
            var place = percent / 100 * (values.Length - 1);
            answer[percent.ToString("F1", CultureInfo.InvariantCulture)] = values.Length == 0
                ? null
                : values[(int)place] + ((place - (int)place) * (values[Math.Min(values.Length - 1, (int)place + 1)] - values[(int)place]));
        }

        return new JsonObject { ["values"] = answer };
    }

    private static double[] Values(JsonElement node, IReadOnlyList<StandInDocument> documents) =>
        [.. documents.Select(document => Field(document, node)).OfType<double>().Order()];

    private static IComparable? Field(StandInDocument document, JsonElement node) => document.Value(node.GetProperty("field").GetString()!);

    private static JsonObject Buckets(IEnumerable<JsonObject> buckets) => new() { ["buckets"] = new JsonArray([.. buckets]) };

    private static JsonObject With(JsonObject bucket, JsonNode? key)
    {
        bucket["key"] = key;
        return bucket;
    }

    private static long Start(long milliseconds, string interval)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        var day = new DateTimeOffset(time.Date, TimeSpan.Zero);
        return (interval switch
        {
            "hour" => day.AddHours(time.Hour),
            "day" => day,
            "week" => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
            "month" => new DateTimeOffset(time.Year, time.Month, 1, 0, 0, 0, TimeSpan.Zero),
            _ => throw new StandInException($"date_histogram: unknown calendar_interval '{interval}'"),
        }).ToUnixTimeMilliseconds();
    }
}
