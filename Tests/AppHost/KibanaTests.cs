using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.AppHost;

/// <summary>
/// What can be said of the dashboard without a Kibana, which is not to be had here: that its objects hold together, have the form
/// that they say they have, and ask for fields that there are.
/// </summary>
public sealed partial class KibanaTests : IAsyncLifetime
{
    private const int GridWidth = 48;
    private const string Logs = "ticketaspire-logs";
    private const string Tickets = "ticketaspire-tickets";

    private IReadOnlyList<SavedObject> _objects = [];

    private SavedObject Dashboard => _objects.Single(saved => saved.Type == "dashboard");

    private IEnumerable<SavedObject> Charts => _objects.Where(saved => saved.Type == "lens");

    [GeneratedRegex("""event\.action : (\((?<actions>[^)]*)\)|(?<actions>"\w+"))""", RegexOptions.ExplicitCapture)]
    private static partial Regex AskedActions { get; }

    public async ValueTask InitializeAsync() => _objects = await SavedObject.ReadAsync(AppHostFiles.Dashboards, HttpCalls.Cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_file_is_what_its_program_writes()
    {
        var run = await ProgramRun.OfAsync("dotnet", ["run", AppHostFiles.DashboardsProgram], new Dictionary<string, string>());

        run.ExitCode.ShouldBe(0, run.Output + run.Errors);
        run.Output.ShouldBe(await File.ReadAllTextAsync(AppHostFiles.Dashboards, HttpCalls.Cancellation));
    }

    [Fact]
    public void Every_object_is_there_once_and_in_the_form_of_Kibana_8_0()
    {
        _objects.Select(saved => (saved.Type, saved.Id)).ShouldBeUnique();
        foreach (var saved in _objects)
        {
            // Newer than the Kibana that imports it, it would be refused; with migrationVersion alone, 8.0 and 9 both read it.
            saved.Line["coreMigrationVersion"]!.GetValue<string>().ShouldBe("8.0.0");
            saved.Line["migrationVersion"]![saved.Type]!.GetValue<string>().ShouldBe("8.0.0");
            saved.Line.ContainsKey("typeMigrationVersion").ShouldBeFalse();
        }
    }

    [Fact]
    public void Data_views_are_those_of_the_logs_and_the_tickets()
    {
        var views = _objects.Where(saved => saved.Type == "index-pattern").ToArray();
        views.Select(view => (view.Id, view.Title)).ShouldBe([(Logs, "logs-ticketaspire-*"), (Tickets, "ticketaspire-tickets-*")]);
        views.ShouldAllBe(view => view.Attributes["timeFieldName"]!.GetValue<string>() == "@timestamp");
    }

    [Fact]
    public void Every_reference_leads_to_an_object_of_the_file()
    {
        var ids = _objects.Select(saved => (saved.Type, saved.Id)).ToHashSet();
        _objects.Sum(saved => saved.References.Count).ShouldBeGreaterThan(0);
        foreach (var saved in _objects)
        {
            saved.References.Select(reference => reference.Name).ShouldBeUnique();
            saved.References.ShouldAllBe(reference => ids.Contains(new(reference.Type, reference.Id)));
        }
    }

    [Fact]
    public void Every_field_that_is_asked_for_is_in_the_documents()
    {
        var asked = 0;
        foreach (var saved in _objects.Where(saved => saved.Type != "dashboard"))
        {
            var known = DataViewOf(saved) == Logs ? DocumentFields.Logs.Keys : (IEnumerable<string>)DocumentFields.Tickets;
            saved.Fields.Except(known).ShouldBeEmpty($"in {saved.Id}");
            saved.Fields.ShouldNotBeEmpty($"in {saved.Id}");
            asked += saved.Fields.Count;
        }

        asked.ShouldBeGreaterThan(_objects.Count);
    }

    [Fact]
    public void Every_event_that_is_asked_for_is_one_that_there_is()
    {
        var actions = _objects
            .SelectMany(saved => saved.Queries)
            .SelectMany(query => AskedActions.Matches(query))
            .SelectMany(match => match.Groups["actions"].Value.Split(" or "))
            .Select(action => action.Trim('"'))
            .Distinct();

        actions.ShouldBe(DocumentFields.Actions, ignoreOrder: true);
    }

    [Theory]
    // The reference's four.
    [InlineData("Incoming API requests", Logs, "event.action : \"request\"", "http.response.status_code")]
    [InlineData("Error rate", Logs, "event.action : \"request\"", "http.response.status_code")]
    [InlineData("Feedback entries", Logs, "event.action : \"feedback\"", "ticketaspire.agreed")]
    [InlineData("Retraining events", Logs, "event.action : \"retraining\"", "ticketaspire.run.outcome")]
    // And the rest.
    [InlineData("Latency of requests", Logs, "event.action : \"request\"", "event.duration")]
    [InlineData("Coverage: the share of tickets routed by themselves", Tickets, "route : \"auto\"", "route")]
    [InlineData("Confidence of predictions", Tickets, null, "confidence")]
    [InlineData("Mean confidence", Tickets, null, "confidence")]
    [InlineData("Agreement of feedback with each model version", Tickets, "agreed : true", "model")]
    [InlineData("Categories over time", Tickets, null, "prediction")]
    [InlineData("Latest errors", Logs, "log.level : (\"error\" or \"critical\" or \"fatal\") or event.outcome : \"failure\"", "error.message")]
    [InlineData("Latest retraining events", Logs, "event.action : (\"retraining\" or \"champion\" or \"drift\")", "ticketaspire.run.outcome")]
    public void The_dashboard_shows(string title, string dataView, string? query, string field)
    {
        var panel = Panels().Single(panel => panel.Title == title);

        DataViewOf(panel.Shown).ShouldBe(dataView);
        panel.Shown.Fields.ShouldContain(field);
        if (query is not null)
        {
            panel.Shown.Queries.ShouldContain(query);
        }
    }

    [Fact]
    public void The_dashboard_shows_nothing_else_and_no_object_lies_about_unused()
    {
        var shown = Panels().Select(panel => panel.Shown.Id).ToArray();
        shown.ShouldBeUnique();
        shown.Length.ShouldBe(12);
        shown.ShouldBe(_objects.Where(saved => saved.Type is "lens" or "search").Select(saved => saved.Id), ignoreOrder: true);
        shown.Length.ShouldBe(Dashboard.References.Count);
    }

    [Fact]
    public void Panels_lie_side_by_side_within_the_grid()
    {
        var taken = new HashSet<(int X, int Y)>();
        foreach (var (_, place, _) in Panels())
        {
            (place.Width * place.Height).ShouldBeGreaterThan(0);
            place.X.ShouldBeGreaterThanOrEqualTo(0);
            (place.X + place.Width).ShouldBeLessThanOrEqualTo(GridWidth);
            foreach (var x in Enumerable.Range(place.X, place.Width))
            {
                foreach (var y in Enumerable.Range(place.Y, place.Height))
                {
                    taken.Add((x, y)).ShouldBeTrue($"({x}, {y}) is covered twice");
                }
            }
        }

        // Without a hole.
        taken.Count.ShouldBe(GridWidth * (taken.Max(place => place.Y) + 1));
    }

    [Fact]
    public void Latency_is_drawn_as_p50_p95_and_p99_in_milliseconds()
    {
        var latency = Panels().Single(panel => panel.Title == "Latency of requests").Shown;
        Texts(latency.Drawn["accessors"]!).Select(id => latency.Columns[id]!["params"]!["percentile"]!.GetValue<int>()).ShouldBe([50, 95, 99]);

        var format = _objects.Single(saved => saved is { Type: "index-pattern", Id: Logs }).Attributes["fieldFormatMap"]!["event.duration"]!;
        format["id"]!.GetValue<string>().ShouldBe("duration");
        format["params"]!["inputFormat"]!.GetValue<string>().ShouldBe("nanoseconds");
        format["params"]!["outputFormat"]!.GetValue<string>().ShouldBe("asMilliseconds");
    }

    [Fact]
    public void Ranges_of_confidence_leave_none_out_and_meet_without_overlap()
    {
        var confidence = Panels().Single(panel => panel.Title == "Confidence of predictions").Shown;
        var ranges = confidence.Columns[confidence.Drawn["xAccessor"]!.GetValue<string>()]!["params"]!["ranges"]!.AsArray();

        ranges[0]!["from"]!.GetValue<double>().ShouldBe(0);
        ranges[^1]!["to"].ShouldBeNull();
        foreach (var (range, next) in ranges.Zip(ranges.Skip(1)))
        {
            next!["from"]!.GetValue<double>().ShouldBe(range!["to"]!.GetValue<double>());
        }
    }

    [Fact]
    public void Charts_draw_columns_that_they_have()
    {
        Charts.ShouldNotBeEmpty();
        foreach (var chart in Charts)
        {
            chart.Drawn["layerId"]!.GetValue<string>().ShouldBe("layer");
            var ids = chart.Columns.Select(column => column.Key).ToArray();
            Texts(chart.Layer["columnOrder"]!).ShouldBe(ids, $"in {chart.Id}");
            string?[] buckets = [chart.Drawn["xAccessor"]?.GetValue<string>(), chart.Drawn["splitAccessor"]?.GetValue<string>()];
            var bucketed = ids.Where(id => chart.Columns[id]!["isBucketed"]!.GetValue<bool>());
            bucketed.ShouldBe(buckets.OfType<string>(), ignoreOrder: true, $"in {chart.Id}");

            // What is no bucket is drawn, or is a part of what is drawn.
            var parts = ids.SelectMany(id => chart.Columns[id]!["references"] is { } references ? Texts(references) : []).ToArray();
            var drawn = Texts(chart.Drawn["accessors"]!).ToArray();
            drawn.Concat(parts).Concat(buckets.OfType<string>()).ShouldBe(ids, ignoreOrder: true, $"in {chart.Id}");
        }
    }

    [Fact]
    public void A_formula_is_kept_with_the_parts_that_Lens_works_out_from_it()
    {
        var formulas = Charts.SelectMany(chart => chart.Columns
            .Where(column => Operation(column.Value!) == "formula")
            .Select(column => (chart.Columns, Id: column.Key, Column: column.Value!))).ToArray();
        formulas.Length.ShouldBe(4);
        foreach (var (columns, id, column) in formulas)
        {
            var formula = column["params"]!["formula"]!.GetValue<string>();
            Texts(column["references"]!).ShouldBe([$"{id}X2"]);
            var math = columns[$"{id}X2"]!;
            Operation(math).ShouldBe("math");
            math["params"]!["tinymathAst"]!["text"]!.GetValue<string>().ShouldBe(formula);
            Texts(math["params"]!["tinymathAst"]!["args"]!).ShouldBe(Texts(math["references"]!));
            var counts = Texts(math["references"]!).Select(part => columns[part]!).ToArray();
            counts.ShouldAllBe(count => Operation(count) == "count");
            formula.ShouldBe($"count(kql='{counts[0]["filter"]!["query"]!.GetValue<string>()}') / count()");
            counts[1].AsObject().ContainsKey("filter").ShouldBeFalse();
        }
    }

    [Fact]
    public async Task The_index_template_of_the_logs_maps_every_field()
    {
        var template = JsonNode.Parse(await File.ReadAllTextAsync(AppHostFiles.LogsTemplate, HttpCalls.Cancellation))!;

        var mapped = Mapped(template["template"]!["mappings"]!, "").Where(field => !field.Name.StartsWith("data_stream.", StringComparison.Ordinal));
        mapped.ToDictionary(field => field.Name, field => field.Type).ShouldBe(DocumentFields.Logs, ignoreOrder: true);
        template["index_patterns"]!.AsArray().Single()!.GetValue<string>().ShouldBe("logs-ticketaspire-*");
        template["data_stream"].ShouldNotBeNull();
        // Above that of the templates that come with Elasticsearch, 100.
        template["priority"]!.GetValue<int>().ShouldBeGreaterThan(100);
        template["template"]!["settings"]!["index.lifecycle.name"]!.GetValue<string>().ShouldBe("logs-ticketaspire");
    }

    [Fact]
    public async Task The_lifecycle_of_the_logs_ends_with_their_deletion()
    {
        var lifecycle = JsonNode.Parse(await File.ReadAllTextAsync(AppHostFiles.LogsLifecycle, HttpCalls.Cancellation))!;

        lifecycle["policy"]!["phases"]!["hot"]!["actions"]!["rollover"].ShouldNotBeNull();
        lifecycle["policy"]!["phases"]!["delete"]!["actions"]!["delete"].ShouldNotBeNull();
    }

    private IEnumerable<(string Title, (int X, int Y, int Width, int Height) Place, SavedObject Shown)> Panels()
    {
        foreach (var panel in Dashboard.Attributes["panelsJSON"]!.AsArray().OfType<JsonObject>())
        {
            var index = panel["panelIndex"]!.GetValue<string>();
            var reference = Dashboard.References.Single(reference => reference.Name == $"{index}:{panel["panelRefName"]!.GetValue<string>()}");
            var shown = _objects.Single(saved => (saved.Type, saved.Id) == (reference.Type, reference.Id));
            panel["type"]!.GetValue<string>().ShouldBe(shown.Type);
            var grid = panel["gridData"]!;
            grid["i"]!.GetValue<string>().ShouldBe(index);
            yield return (panel["title"]!.GetValue<string>(), (Number(grid, "x"), Number(grid, "y"), Number(grid, "w"), Number(grid, "h")), shown);
        }
    }

    private static string DataViewOf(SavedObject saved) => saved.Type == "index-pattern"
        ? saved.Id
        : saved.References.Where(reference => reference.Type == "index-pattern").Select(reference => reference.Id).Distinct().Single();

    private static IEnumerable<(string Name, string Type)> Mapped(JsonNode mapping, string prefix) =>
        mapping["properties"]!.AsObject().SelectMany(property => property.Value!["properties"] is null
            ? [($"{prefix}{property.Key}", property.Value["type"]!.GetValue<string>())]
            : Mapped(property.Value, $"{prefix}{property.Key}."));

    private static string Operation(JsonNode column) => column["operationType"]!.GetValue<string>();

    private static IEnumerable<string> Texts(JsonNode array) => array.AsArray().Select(item => item!.GetValue<string>());

    private static int Number(JsonNode within, string name) => within[name]!.GetValue<int>();
}
