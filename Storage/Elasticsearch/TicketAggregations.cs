using System.Globalization;
using System.Text.Json;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Elasticsearch;

/// <summary>Statistics as aggregations: the same figures of all tickets and of those of each period.</summary>
internal static class TicketAggregations
{
    private const string All = "all";
    private const string Periods = "periods";
    private const string Auto = "auto";
    private const string Labelled = "labelled";
    private const string Agreed = "agreed";
    private const string Average = "average";
    private const string Percentiles = "percentiles";
    private const string Predictions = "predictions";
    private const string RoutesTaken = "routes";
    private const string Models = "models";

    /// <summary>Categories, or models, are counted each up to so many.</summary>
    private const int MostGroups = 1_000;

    /// <summary>Writes the question.</summary>
    public static void Write(Utf8JsonWriter json, StatisticsQuery query)
    {
        json.WriteStartObject();
        json.WriteNumber("size", 0);
        json.WriteBoolean("track_total_hits", false);
        json.WriteStartObject("query");
        json.WriteStartObject("bool");
        json.WriteStartArray("filter");
        TicketQueries.WriteTerm(json, TicketFields.Classifier, query.Classifier);
        TicketQueries.WriteTime(json, query.From, query.To);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();

        json.WriteStartObject("aggs");
        json.WriteStartObject(All);
        json.WriteStartObject("filter");
        json.WriteStartObject("match_all");
        json.WriteEndObject();
        json.WriteEndObject();
        WriteFigures(json);
        json.WriteEndObject();

        json.WriteStartObject(Periods);
        json.WriteStartObject("date_histogram");
        json.WriteString("field", TicketFields.At);
        json.WriteString("calendar_interval", query.Interval.Word);
        json.WriteNumber("min_doc_count", 1);
        json.WriteEndObject();
        WriteFigures(json);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Reads the answer.</summary>
    public static TicketStatistics Read(JsonElement? answer, StatisticsQuery query, IReadOnlyList<DateTimeOffset> starts)
    {
        var periods = answer?.GetProperty(Periods).GetProperty("buckets").EnumerateArray()
            .ToDictionary(bucket => bucket.GetProperty("key").GetInt64(), ReadFigures) ?? [];
        return new TicketStatistics
        {
            From = query.From,
            To = query.To,
            Interval = query.Interval,
            Total = answer is { } found ? ReadFigures(found.GetProperty(All)) : new TicketFigures(),
            Periods =
            [
                .. starts.Select(start => new PeriodFigures(
                    start, periods.GetValueOrDefault(start.ToUnixTimeMilliseconds()) ?? new TicketFigures())),
            ],
        };
    }

    private static void WriteFigures(Utf8JsonWriter json)
    {
        json.WriteStartObject("aggs");
        WriteFilter(json, Auto, "term", TicketFields.Route, Routes.Auto);
        WriteLabels(json);
        WriteMetric(json, Average, "avg");
        WriteMetric(json, Percentiles, "percentiles");
        WriteGroups(json, Predictions, TicketFields.Prediction);
        WriteGroups(json, RoutesTaken, TicketFields.Route);
        WriteGroups(json, Models, TicketFields.Model);
        json.WriteEndObject();
    }

    private static void WriteLabels(Utf8JsonWriter json)
    {
        WriteFilter(json, Labelled, "exists", "field", TicketFields.Label);
        WriteFilter(json, Agreed, "term", TicketFields.Agreed, "true");
    }

    private static void WriteFilter(Utf8JsonWriter json, string name, string kind, string key, string value)
    {
        json.WriteStartObject(name);
        json.WriteStartObject("filter");
        json.WriteStartObject(kind);
        json.WriteString(key, value);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMetric(Utf8JsonWriter json, string name, string kind)
    {
        json.WriteStartObject(name);
        json.WriteStartObject(kind);
        json.WriteString("field", TicketFields.Confidence);
        if (kind == Percentiles)
        {
            json.WriteStartArray("percents");
            json.WriteNumberValue(10);
            json.WriteNumberValue(50);
            json.WriteNumberValue(90);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteGroups(Utf8JsonWriter json, string name, string field)
    {
        json.WriteStartObject(name);
        json.WriteStartObject("terms");
        json.WriteString("field", field);
        json.WriteNumber("size", MostGroups);
        json.WriteEndObject();
        json.WriteStartObject("aggs");
        WriteLabels(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static TicketFigures ReadFigures(JsonElement bucket) => Count(bucket) == 0
        ? new TicketFigures()
        : new TicketFigures
        {
            Tickets = Count(bucket),
            Auto = Count(bucket.GetProperty(Auto)),
            Labelled = Count(bucket.GetProperty(Labelled)),
            Agreed = Count(bucket.GetProperty(Agreed)),
            Confidence = ReadConfidence(bucket),
            Predictions = ReadGroups(bucket.GetProperty(Predictions)),
            Routes = ReadGroups(bucket.GetProperty(RoutesTaken)),
            Models = ReadGroups(bucket.GetProperty(Models)),
        };

    private static long Count(JsonElement bucket) => bucket.GetProperty("doc_count").GetInt64();

    private static ConfidenceFigures ReadConfidence(JsonElement bucket)
    {
        var values = bucket.GetProperty(Percentiles).GetProperty("values");
        return new ConfidenceFigures(
            bucket.GetProperty(Average).GetProperty("value").GetDouble(),
            values.GetProperty("10.0").GetDouble(), values.GetProperty("50.0").GetDouble(), values.GetProperty("90.0").GetDouble());
    }

    private static GroupFigures[] ReadGroups(JsonElement groups) =>
    [
        .. groups.GetProperty("buckets").EnumerateArray()
            .Select(group => new GroupFigures(
                Name(group.GetProperty("key")), Count(group), Count(group.GetProperty(Labelled)), Count(group.GetProperty(Agreed))))
            .OrderByDescending(group => group.Tickets)
            .ThenBy(group => group.Name, StringComparer.Ordinal),
    ];

    private static string Name(JsonElement key) =>
        key.ValueKind == JsonValueKind.Number ? key.GetInt64().ToString(CultureInfo.InvariantCulture) : key.GetString()!;
}
