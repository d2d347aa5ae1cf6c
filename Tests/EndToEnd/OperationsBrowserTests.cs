using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Telemetry;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using TicketAspire.Web;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace TicketAspire.Tests.EndToEnd;

/// <summary>The page of operations, with what really was measured and an hour of it from before.</summary>
public sealed class OperationsBrowserTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private static readonly string[] Categories = [SmallClassifier.Printer, SmallClassifier.Network, SmallClassifier.Holiday];

    private RunningSystem _system = null!;

    public async ValueTask InitializeAsync()
    {
        Chromium.Require();
        _system = await RunningSystem.StartEmptyAsync(
            "--Operations:FlushEvery=00:00:00.2", "--Drift:Every=00:00:00.5", "--Drift:Window=00:03:00", "--Retraining:After=1000000");
        await _system.ImportAsync("tickets", SmallClassifier.Csv);
        await _system.ImportAsync("intents", SmallClassifier.ExchangedCsv);
        await _system.ImportAsync("tickets", SmallClassifier.Csv + "the fax machine has a paper jam,printer\n");
        await AddFormerHourAsync();
        await SendAsync(SmallClassifier.PrinterText, 120);
        await SendAsync(SmallClassifier.NetworkText, 100);
        await SendAsync(SmallClassifier.HolidayText, 80);
        await DriftAsync(report => report.Predictions >= 300 && report.Own > DriftState.TooFew);
    }

    public async ValueTask DisposeAsync()
    {
        if (_system is not null)
        {
            await _system.DisposeAsync();
        }
    }

    [Fact]
    public async Task Every_chart_shows_what_was_measured_and_its_table_says_the_same()
    {
        await using var window = await OpenAsync("/operations?classifier=tickets", ColorScheme.Light);
        var page = window.Page;
        var report = await CountedAsync(report => report.Predictions.Count.Sum() >= 300);
        await page.ReloadAsync();

        await Expect(page.Locator("nav[aria-label=Pages] a[aria-current=page]")).ToHaveTextAsync("Operations");
        await Expect(page.Locator("#figure-predictions")).ToHaveTextAsync(Figures.Count(report.Predictions.Count.Sum()));
        var (agreed, corrected, unjudging) = (report.Feedback.Agreed.Sum(), report.Feedback.Corrected.Sum(), report.Feedback.Unjudging.Sum());
        unjudging.ShouldBeGreaterThan(0);
        await Expect(page.Locator("#figure-feedback")).ToHaveTextAsync(Figures.Count(agreed + corrected + unjudging));
        await Expect(page.Locator("#figure-agreed")).ToHaveTextAsync(Figures.Percent((double)agreed / (agreed + corrected)));
        foreach (var chart in new[] { "requests", "latency", "predictions", "routed", "prediction-time", "feedback", "runs", "champions" })
        {
            var plot = page.Locator($"#{chart} svg.plot");
            await Expect(plot).ToHaveAttributeAsync("role", "img");
            (await plot.Locator("desc").TextContentAsync()).ShouldNotBeNullOrWhiteSpace();
            (await plot.Locator(".time-tick").CountAsync()).ShouldBeInRange(2, 7);
            (await plot.Locator(".tick").CountAsync()).ShouldBeInRange(2, 7);
            (await plot.Locator(".columns-of rect, .line-of circle, .line-of path").CountAsync()).ShouldBeGreaterThan(0);
        }

        // Each interval with a prediction is a row, and the columns add up to all of them.
        await page.Locator("#predictions-table > summary").ClickAsync();
        var rows = page.Locator("#predictions-table tbody tr");
        (await rows.CountAsync()).ShouldBe(report.Predictions.Count.Count(count => count > 0));
        var cells = await page.Locator("#predictions-table tbody td").AllInnerTextsAsync();
        cells.Sum(cell => long.Parse(cell.Replace("\u00a0", "", StringComparison.Ordinal), CultureInfo.InvariantCulture))
            .ShouldBe(report.Predictions.Count.Sum());
        (await page.Locator("#predictions .columns-of rect").CountAsync())
            .ShouldBe(report.Predictions.Categories.Sum(one => one.Counts.Count(count => count > 0)));
        (await page.Locator("#predictions .legend li").AllInnerTextsAsync()).ShouldBe(report.Predictions.Categories.Select(one => one.Name));

        await page.Locator("#champions-table > summary").ClickAsync();
        (await page.Locator("#champions-table tbody tr").CountAsync()).ShouldBe(2);
        await Expect(page.Locator("#champions-table tbody tr").First).ToContainTextAsync("in service");
        (await page.Locator("#confidence-histogram .columns-of rect").CountAsync()).ShouldBe(20);
        (await page.Locator("#stage-durations-table tbody tr").CountAsync()).ShouldBe(Enum.GetValues<RunStage>().Length);
        (await page.Locator("#drift .drift-measure").CountAsync()).ShouldBe(4);
        await page.Locator("#predictions-table > summary").ClickAsync();
        await page.Locator("#champions-table > summary").ClickAsync();
        await window.ShouldNotScrollSidewaysAsync();
        await page.SetViewportSizeAsync(1280, 1400);
        await page.EvaluateAsync("scrollTo(0, 0)");
        await window.ScreenshotAsync("operations", whole: false);
        window.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_predicted_meanwhile_is_seen_without_loading_the_page_anew()
    {
        await using var window = await OpenAsync("/operations?classifier=tickets", ColorScheme.Light);
        var page = window.Page;
        var before = await page.Locator("#figure-predictions").InnerTextAsync();
        await page.Locator("#requests-table > summary").ClickAsync();
        await page.EvaluateAsync("window.stays = true");

        await SendAsync(SmallClassifier.PrinterText, 10);

        await Expect(page.Locator("#figure-predictions")).Not.ToHaveTextAsync(before);
        (await page.EvaluateAsync<bool>("window.stays")).ShouldBeTrue();
        // What a person has opened stays open.
        await Expect(page.Locator("#requests-table")).ToHaveAttributeAsync("open", "");
        window.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Ranges_and_classifiers_are_links_that_work_without_script_on_a_phone()
    {
        await using var window = await chromium.OpenPhoneWithoutScriptAsync();
        var page = window.Page;
        await window.GoToAsync(_system.Web.Address, "/operations");
        await Expect(page.Locator(".ranges a[aria-current]")).ToHaveTextAsync("1 hour");

        await page.Locator(".ranges a", new() { HasTextString = "7 days" }).ClickAsync();
        await Expect(page.Locator("#operations")).ToHaveAttributeAsync("data-range", "7d");
        (await page.Locator("#predictions .columns-of rect").CountAsync()).ShouldBeGreaterThan(0);
        await page.Locator(".tabs a", new() { HasTextString = "intents" }).ClickAsync();
        await Expect(page.Locator("#operations")).ToHaveAttributeAsync("data-classifier", "intents");
        await Expect(page.Locator("#operations")).ToHaveAttributeAsync("data-range", "7d");
        // Nothing was asked of this one.
        await Expect(page.Locator("#predictions .empty")).ToBeVisibleAsync();
        await Expect(page.Locator("#feedback .empty")).ToBeVisibleAsync();
        await window.ShouldNotScrollSidewaysAsync();
        await page.Locator(".tabs a", new() { HasTextString = "tickets" }).ClickAsync();
        await window.ScreenshotAsync("operations-phone");

        var response = await page.GotoAsync(new Uri(_system.Web.Address, "/operations?range=century").ToString());
        response!.Status.ShouldBe(404);
    }

    [Fact]
    public async Task Drift_past_the_threshold_is_told_where_people_classify_and_on_the_page_itself()
    {
        await SendAsync(SmallClassifier.HolidayText, 3000);
        await DriftAsync(report => report.Measures.Any(measure => measure.Name == DriftMeasures.Category && measure.State == DriftState.Drifted));
        await using var window = await OpenAsync("/?classifier=tickets", ColorScheme.Light);
        var page = window.Page;

        await Expect(page.Locator("#drift-alert")).ToBeVisibleAsync();
        await page.Locator("#drift-alert a").ClickAsync();

        await Expect(page.Locator("#drift")).ToHaveAttributeAsync("data-state", "drifted");
        var measure = page.Locator("#drift [data-measure=category]");
        await Expect(measure).ToHaveAttributeAsync("data-state", "drifted");
        await measure.Locator("summary").ClickAsync();
        var row = measure.Locator("tbody tr").Filter(new() { Has = page.GetByRole(AriaRole.Rowheader, new() { Name = SmallClassifier.Holiday }) });
        (await row.Locator("td").CountAsync()).ShouldBe(2);
        await window.ScreenshotAsync("drift");
        window.Problems.ShouldBeEmpty();
    }

    private async Task<BrowserWindow> OpenAsync(string path, ColorScheme colours)
    {
        var window = await chromium.OpenAsync(new BrowserNewContextOptions
        {
            ColorScheme = colours,
            ViewportSize = new ViewportSize { Width = 1280, Height = 900 },
        });
        await window.GoToAsync(_system.Web.Address, path);
        return window;
    }

    private Task<OperationsReport> CountedAsync(Func<OperationsReport, bool> meant) => Eventually.GetAsync(
        "it is counted",
        async _ => await _system.Api.Http.GetAsync("operations?classifier=tickets", ContractsJson.Default.OperationsReport) is var report && meant(report)
            ? report
            : null,
        HttpCalls.Cancellation);

    private Task DriftAsync(Func<DriftReport, bool> meant) => Eventually.IsSoAsync(
        "such a drift report",
        async _ => await _system.Store<IDriftStore>().FindAsync("tickets", HttpCalls.Cancellation) is { } report && meant(report),
        HttpCalls.Cancellation);

    private async Task SendAsync(string text, int times)
    {
        using var response = await _system.Api.Http.PostJsonAsync(
            "classifiers/tickets/predict/batch", JsonSerializer.Serialize(Enumerable.Repeat(new { text }, times)));
        response.EnsureSuccessStatusCode();
    }

    // As an hour of use leaves it: more in the middle, now and then an error, corrections here and there.
    private async Task AddFormerHourAsync()
    {
        var random = new Random(3);
        var now = TimeProvider.System.GetUtcNow();
        var rollups = new List<Rollup>();
        // Drift does not look back so far: no model has answered so.
        for (var minute = 4; minute < 58; minute++)
        {
            var at = RollupSpan.Minute.Begin(now.AddMinutes(-minute));
            var busy = 20 + (int)(25 * Math.Sin(minute / 9.0)) + random.Next(12);
            rollups.AddRange(Categories.Select((category, i) => Counted(
                at, Measures.Predictions, 1 + (busy / (i + 2)), "tickets", category, random.Next(5) == 0 ? "review" : "auto", "1")));
            rollups.Add(Spread(at, Measures.Confidence, busy, 0.86, [(12, busy / 8), (16, busy / 4), (19, busy - (busy / 8) - (busy / 4))], "tickets", "1"));
            rollups.Add(Spread(at, Measures.PredictionDuration, busy, 3e-5, [(5, busy / 2), (6, busy - (busy / 2))], "tickets"));
            rollups.Add(Spread(
                at, "http.server.request.duration", busy + 3, 0.004, [(25, busy / 2), (27, busy - (busy / 2)), (31, 2), (35 + random.Next(3), 1)],
                "api", "POST", "/classifiers/{name}/predict", "200"));
            if (minute % 11 == 0)
            {
                rollups.Add(Spread(at, "http.server.request.duration", 2, 0.001, [(22, 2)], "api", "POST", "/classifiers/{name}/predict", "400"));
            }

            if (minute % 4 == 0)
            {
                rollups.Add(Counted(at, Measures.Feedback, 1 + random.Next(3), "tickets", "true"));
                rollups.Add(Counted(at, Measures.Feedback, 1, "tickets", "false"));
                rollups.Add(Counted(at, Measures.Feedback, 1, "tickets", ""));
            }
        }

        await _system.Store<IRollupStore>().AddAsync(rollups, HttpCalls.Cancellation);
    }

    private static Rollup Counted(DateTimeOffset at, string series, int count, params string[] tags) =>
        new() { At = at, Series = series, Tags = tags, Count = count };

    private static Rollup Spread(DateTimeOffset at, string series, int count, double mean, (int Bucket, int Count)[] buckets, params string[] tags) => new()
    {
        At = at,
        Series = series,
        Tags = tags,
        Count = count,
        Sum = mean * count,
        Buckets = buckets.ToDictionary(bucket => bucket.Bucket, bucket => (long)bucket.Count),
    };
}
