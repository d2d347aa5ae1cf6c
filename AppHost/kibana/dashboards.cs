// Writes Kibana's saved objects: dotnet run AppHost/kibana/dashboards.cs > AppHost/kibana/dashboards.ndjson
//
// The objects have the form of Kibana 8.0, and say so: every later version brings what it imports up to its own form, and
// none takes what is newer than itself. README.md beside this file says what is on the dashboard.
#:property PublishAot=false

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reference = (string Name, string Type, string Id);
using SavedObject = (string Type, string Id, System.Text.Json.Nodes.JsonObject Attributes, (string Name, string Type, string Id)[] References);

const string Version = "8.0.0";
const string Logs = "ticketaspire-logs";
const string Tickets = "ticketaspire-tickets";
const string Everything = "";

// In the library, where all of Kibana's charts are; the dashboard's panels do without.
const string Prefix = "TicketAspire: ";

// One layer to a chart, whose columns have these names.
const string Layer = "layer";
const string Time = "time";
const string Split = "split";
const string Across = "across";
const string Value = "value";

SavedObject[] dataViews =
[
    DataView(Logs, "logs-ticketaspire-*", new()
    {
        ["event.duration"] = Duration("nanoseconds", "asMilliseconds", 2),
        ["ticketaspire.run.duration"] = Duration("seconds", "asSeconds", 1),
        ["ticketaspire.accuracy"] = Format("percent", new() { ["pattern"] = "0.0%" }),
    }),
    DataView(Tickets, "ticketaspire-tickets-*", new() { ["confidence"] = Format("percent", new() { ["pattern"] = "0.0%" }) }),
];

// In rows, as on the dashboard; 48 columns wide.
(int Height, (int Width, SavedObject Shown)[] Panels)[] rows =
[
    (10,
    [
        (24, Chart("requests", "Incoming API requests", Logs, "event.action : \"request\"", "bar_stacked",
            x: OverTime(),
            split: Filters(("2xx", Status(200)), ("3xx", Status(300)), ("4xx", Status(400)), ("5xx", Status(500))),
            values: [Count("Requests")])),
        (24, Chart("error-rate", "Error rate", Logs, "event.action : \"request\"", "line",
            x: OverTime(),
            split: null,
            values: [Share("server", "Server errors (5xx)", Status(500)), Share("client", "Client errors (4xx)", Status(400))])),
    ]),
    (10,
    [
        (24, Chart("feedback", "Feedback entries", Logs, "event.action : \"feedback\"", "bar_stacked",
            x: OverTime(),
            split: Filters(("agreed", "ticketaspire.agreed : true"), ("corrected", "ticketaspire.agreed : false"), ("on no prediction", "not ticketaspire.agreed : *")),
            values: [Count("Entries")])),
        (24, Chart("retraining", "Retraining events", Logs, "event.action : \"retraining\"", "bar_stacked",
            x: OverTime(),
            split: ByName("Outcome", "ticketaspire.run.outcome"),
            values: [Count("Runs")])),
    ]),
    (10,
    [
        (24, Chart("latency", "Latency of requests", Logs, "event.action : \"request\"", "line",
            x: OverTime(),
            split: null,
            values: [Percentile(50), Percentile(95), Percentile(99)])),
        (24, Chart("coverage", "Coverage: the share of tickets routed by themselves", Tickets, Everything, "line",
            x: OverTime(),
            split: ByName("Classifier", "classifier"),
            values: [Share(Value, "Coverage", "route : \"auto\"")],
            isShare: true)),
    ]),
    (10,
    [
        (16, Chart("confidence", "Confidence of predictions", Tickets, Everything, "bar_stacked",
            x: Ranges("Confidence", "confidence", 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99),
            split: null,
            values: [Count("Tickets")])),
        (16, Chart("mean-confidence", "Mean confidence", Tickets, Everything, "line",
            x: OverTime(),
            split: ByName("Classifier", "classifier"),
            values: [Average("Mean confidence", "confidence")],
            isShare: true)),
        (16, Chart("agreement", "Agreement of feedback with each model version", Tickets, "agreed : *", "bar",
            x: Newest("Model version", "model"),
            split: ByName("Classifier", "classifier"),
            values: [Share(Value, "Agreement", "agreed : true")],
            isShare: true)),
    ]),
    (11,
    [
        (48, Chart("categories", "Categories over time", Tickets, Everything, "bar_stacked",
            x: OverTime(),
            split: MostFrequent("Category", "prediction"),
            values: [Count("Tickets")])),
    ]),
    (13,
    [
        (24, Table("latest-errors", "Latest errors",
            "log.level : (\"error\" or \"critical\" or \"fatal\") or event.outcome : \"failure\"",
            "service.name", "event.action", "url.path", "http.response.status_code", "error.type", "error.message", "message", "trace.id")),
        (24, Table("latest-retraining", "Latest retraining events",
            "event.action : (\"retraining\" or \"champion\" or \"drift\")",
            "event.action", "ticketaspire.classifier", "ticketaspire.run.trigger", "ticketaspire.run.outcome", "ticketaspire.model",
            "ticketaspire.accuracy", "ticketaspire.run.duration", "error.message")),
    ]),
];

foreach (var saved in (SavedObject[])[.. dataViews, .. rows.SelectMany(row => row.Panels).Select(panel => panel.Shown), Dashboard()])
{
    Console.WriteLine(Text(new JsonObject
    {
        ["attributes"] = saved.Attributes,
        ["coreMigrationVersion"] = Version,
        ["id"] = saved.Id,
        ["migrationVersion"] = new JsonObject { [saved.Type] = Version },
        ["references"] = new JsonArray([.. saved.References.Select(JsonNode (reference) => new JsonObject
        {
            ["id"] = reference.Id,
            ["name"] = reference.Name,
            ["type"] = reference.Type,
        })]),
        ["type"] = saved.Type,
    }));
}

SavedObject DataView(string id, string pattern, JsonObject formats) => (
    "index-pattern",
    id,
    new JsonObject
    {
        // Before the first ticket and the first log there is no index.
        ["allowNoIndex"] = true,
        ["fieldFormatMap"] = Text(formats),
        ["timeFieldName"] = "@timestamp",
        ["title"] = pattern,
    },
    []);

SavedObject Dashboard()
{
    var panels = new JsonArray();
    var references = new List<Reference>();
    var y = 0;
    foreach (var (height, row) in rows)
    {
        var x = 0;
        foreach (var (width, shown) in row)
        {
            panels.Add((JsonNode)new JsonObject
            {
                ["version"] = Version,
                ["type"] = shown.Type,
                ["gridData"] = new JsonObject { ["x"] = x, ["y"] = y, ["w"] = width, ["h"] = height, ["i"] = shown.Id },
                ["panelIndex"] = shown.Id,
                ["title"] = shown.Attributes["title"]!.GetValue<string>()[Prefix.Length..],
                ["embeddableConfig"] = new JsonObject { ["enhancements"] = new JsonObject() },
                ["panelRefName"] = $"panel_{shown.Id}",
            });
            references.Add(($"{shown.Id}:panel_{shown.Id}", shown.Type, shown.Id));
            x += width;
        }

        y += height;
    }

    return (
        "dashboard",
        "ticketaspire",
        new JsonObject
        {
            ["description"] = "Requests, feedback, retraining and predictions of TicketAspire.",
            ["kibanaSavedObjectMeta"] = new JsonObject { ["searchSourceJSON"] = Text(Search(Everything)) },
            ["optionsJSON"] = Text(new JsonObject { ["useMargins"] = true, ["syncColors"] = false, ["hidePanelTitles"] = false }),
            ["panelsJSON"] = Text(panels),
            ["refreshInterval"] = new JsonObject { ["pause"] = false, ["value"] = 30000 },
            ["timeFrom"] = "now-24h",
            ["timeRestore"] = true,
            ["timeTo"] = "now",
            ["title"] = "TicketAspire",
            ["version"] = 1,
        },
        [.. references]);
}

// A list of documents, the newest first.
SavedObject Table(string id, string title, string query, params string[] columns)
{
    const string Index = "kibanaSavedObjectMeta.searchSourceJSON.index";
    var search = Search(query);
    search["indexRefName"] = Index;
    return (
        "search",
        $"ticketaspire-{id}",
        new JsonObject
        {
            ["columns"] = new JsonArray([.. columns.Select(column => (JsonNode)column)]),
            ["description"] = Everything,
            ["grid"] = new JsonObject(),
            ["hideChart"] = true,
            ["kibanaSavedObjectMeta"] = new JsonObject { ["searchSourceJSON"] = Text(search) },
            ["sort"] = new JsonArray((JsonNode)new JsonArray("@timestamp", "desc")),
            ["title"] = Prefix + title,
        },
        [(Index, "index-pattern", Logs)]);
}

// A Lens chart. What splits comes before the x axis, so that the top values are those of the whole time and not of each bar.
SavedObject Chart(
    string id, string title, string dataView, string query, string series, JsonObject x, JsonObject? split, (string Id, JsonObject Column)[][] values,
    bool isShare = false)
{
    var xColumn = x["operationType"]!.GetValue<string>() == "date_histogram" ? Time : Across;
    List<(string Id, JsonObject Column)> columns = [(xColumn, x), .. values.SelectMany(value => value)];
    if (split is not null)
    {
        columns.Insert(0, (Split, split));
    }

    var layer = new JsonObject
    {
        ["layerId"] = Layer,
        ["layerType"] = "data",
        ["seriesType"] = series,
        ["xAccessor"] = xColumn,
        // A share is counted in parts: the last of its columns is the share.
        ["accessors"] = new JsonArray([.. values.Select(value => (JsonNode)value[^1].Id)]),
        ["position"] = "top",
        ["showGridlines"] = false,
    };
    if (split is not null)
    {
        layer["splitAccessor"] = Split;
    }

    return (
        "lens",
        $"ticketaspire-{id}",
        new JsonObject
        {
            ["description"] = Everything,
            ["state"] = new JsonObject
            {
                ["datasourceStates"] = new JsonObject
                {
                    ["indexpattern"] = new JsonObject
                    {
                        ["layers"] = new JsonObject
                        {
                            [Layer] = new JsonObject
                            {
                                ["columnOrder"] = new JsonArray([.. columns.Select(column => (JsonNode)column.Id)]),
                                ["columns"] = new JsonObject(columns.Select(column => KeyValuePair.Create(column.Id, (JsonNode?)column.Column))),
                                ["incompleteColumns"] = new JsonObject(),
                            },
                        },
                    },
                },
                ["filters"] = new JsonArray(),
                ["query"] = Query(query),
                ["visualization"] = new JsonObject
                {
                    ["axisTitlesVisibilitySettings"] = new JsonObject { ["x"] = xColumn != Time, ["yLeft"] = false, ["yRight"] = false },
                    ["fittingFunction"] = "None",
                    ["layers"] = new JsonArray((JsonNode)layer),
                    ["legend"] = new JsonObject { ["isVisible"] = true, ["position"] = "right" },
                    ["preferredSeriesType"] = series,
                    ["valueLabels"] = "hide",
                    ["yLeftExtent"] = isShare
                        ? new JsonObject { ["mode"] = "custom", ["lowerBound"] = 0, ["upperBound"] = 1 }
                        : new JsonObject { ["mode"] = "full" },
                },
            },
            ["title"] = Prefix + title,
            ["visualizationType"] = "lnsXY",
        },
        [
            ("indexpattern-datasource-current-indexpattern", "index-pattern", dataView),
            ($"indexpattern-datasource-layer-{Layer}", "index-pattern", dataView),
        ]);
}

JsonObject OverTime() => Bucket("date_histogram", "@timestamp", "date", "interval", "@timestamp", new() { ["interval"] = "auto" });

// The values by name, which keeps their colours from one look to the next.
JsonObject ByName(string label, string field) => Terms(label, "string", field, 10, new() { ["type"] = "alphabetical" }, "asc", others: false);

JsonObject Newest(string label, string field) => Terms(label, "number", field, 20, new() { ["type"] = "alphabetical" }, "desc", others: false);

JsonObject MostFrequent(string label, string field) =>
    Terms(label, "string", field, 12, new() { ["type"] = "column", ["columnId"] = Value }, "desc", others: true);

JsonObject Terms(string label, string type, string field, int size, JsonObject order, string direction, bool others) =>
    Bucket("terms", label, type, "ordinal", field, new()
    {
        ["size"] = size,
        ["orderBy"] = order,
        ["orderDirection"] = direction,
        ["otherBucket"] = others,
        ["missingBucket"] = false,
    });

JsonObject Filters(params (string Label, string Query)[] filters) => Bucket("filters", "Filters", "string", "ordinal", null, new()
{
    ["filters"] = new JsonArray([.. filters.Select(JsonNode (filter) => new JsonObject { ["input"] = Query(filter.Query), ["label"] = filter.Label })]),
});

// From each bound to the next, and from the last without end: the upper end of a range is not in it, and 1 is a confidence.
JsonObject Ranges(string label, string field, params double[] bounds) => Bucket("range", label, "string", "ordinal", field, new()
{
    ["type"] = "range",
    ["ranges"] = new JsonArray([.. bounds.Select(JsonNode (from, index) => new JsonObject
    {
        ["from"] = from,
        ["to"] = index + 1 < bounds.Length ? bounds[index + 1] : null,
        ["label"] = FormattableString.Invariant(index + 1 < bounds.Length ? $"{from:0.0#}–{bounds[index + 1]:0.0#}" : (FormattableString)$"{from:0.0#}–1"),
    })]),
    ["maxBars"] = "auto",
});

JsonObject Bucket(string operation, string label, string type, string scale, string? field, JsonObject settings)
{
    var column = new JsonObject
    {
        ["label"] = label,
        ["customLabel"] = true,
        ["dataType"] = type,
        ["operationType"] = operation,
        ["isBucketed"] = true,
        ["scale"] = scale,
        ["params"] = settings,
    };
    if (field is not null)
    {
        column["sourceField"] = field;
    }

    return column;
}

(string, JsonObject)[] Count(string label) => [(Value, Metric("count", label, "Records"))];

(string, JsonObject)[] Average(string label, string field) => [(Value, Metric("average", label, field))];

(string, JsonObject)[] Percentile(int percentile)
{
    var column = Metric("percentile", $"p{percentile}", "event.duration");
    column["params"] = new JsonObject { ["percentile"] = percentile };
    return [($"p{percentile}", column)];
}

// The share of the chart's documents that a query finds. Lens keeps a formula with the parts that it works out from it.
(string, JsonObject)[] Share(string id, string label, string query)
{
    var formula = $"count(kql='{query}') / count()";
    var part = $"Part of {label}";
    var found = Metric("count", part, "Records");
    found["filter"] = Query(query);
    var divided = Calculation("math", part, [$"{id}X0", $"{id}X1"], new()
    {
        ["tinymathAst"] = new JsonObject
        {
            ["type"] = "function",
            ["name"] = "divide",
            ["args"] = new JsonArray($"{id}X0", $"{id}X1"),
            ["location"] = new JsonObject { ["min"] = 0, ["max"] = formula.Length },
            ["text"] = formula,
        },
    });
    var share = Calculation("formula", label, [$"{id}X2"], new()
    {
        ["formula"] = formula,
        ["isFormulaBroken"] = false,
        ["format"] = Format("percent", new() { ["decimals"] = 1 }),
    });
    return [($"{id}X0", found), ($"{id}X1", Metric("count", part, "Records")), ($"{id}X2", divided), (id, share)];
}

JsonObject Calculation(string operation, string label, string[] parts, JsonObject settings)
{
    var column = Metric(operation, label, null);
    column["params"] = settings;
    column["references"] = new JsonArray([.. parts.Select(part => (JsonNode)part)]);
    return column;
}

JsonObject Metric(string operation, string label, string? field)
{
    var column = new JsonObject
    {
        ["label"] = label,
        ["customLabel"] = true,
        ["dataType"] = "number",
        ["operationType"] = operation,
        ["isBucketed"] = false,
        ["scale"] = "ratio",
    };
    if (field is not null)
    {
        column["sourceField"] = field;
    }

    return column;
}

JsonObject Duration(string input, string output, int precision) => Format("duration", new()
{
    ["inputFormat"] = input,
    ["outputFormat"] = output,
    ["outputPrecision"] = precision,
    ["showSuffix"] = true,
    ["useShortSuffix"] = true,
});

JsonObject Format(string id, JsonObject settings) => new() { ["id"] = id, ["params"] = settings };

JsonObject Search(string query) => new() { ["query"] = Query(query), ["filter"] = new JsonArray() };

JsonObject Query(string query) => new() { ["query"] = query, ["language"] = "kuery" };

string Status(int first) => $"http.response.status_code >= {first} and http.response.status_code < {first + 100}";

string Text(JsonNode node) => node.ToJsonString(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
