using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Playwright;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using TicketAspire.Web;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace TicketAspire.Tests.EndToEnd;

/// <summary>What is done with versions and trainings by clicking. The two versions there are contradict each other on most tickets.</summary>
public sealed class ModelsBrowserTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private const int Small = 360;

    // Takes many times as long to train as the page takes to show it.
    private const int Long = 60_000;

    private RunningSystem _system = null!;

    public async ValueTask InitializeAsync()
    {
        Chromium.Require();
        _system = await RunningSystem.StartEmptyAsync("--Retraining:Threads=1");
        await _system.ImportAsync("tickets", SmallClassifier.ToCsv(Examples(Small)));
        await _system.ImportAsync("tickets", SmallClassifier.ToCsv(Examples(Small).Select(Exchange)));
    }

    public async ValueTask DisposeAsync()
    {
        if (_system is not null)
        {
            await _system.DisposeAsync();
        }
    }

    [Fact]
    public async Task Two_versions_are_compared_side_by_side()
    {
        var comparison = await _system.Api.Http.GetAsync("classifiers/tickets/models/1/compare/2", ContractsJson.Default.ModelComparison);
        await using var window = await OpenAsync();
        var page = window.Page;

        await page.Locator("#history select[name=first]").SelectOptionAsync("1");
        await page.Locator("#history select[name=second]").SelectOptionAsync("2");
        await Button(page.Locator("#history"), "Compare").ClickAsync();

        await Expect(page.Locator("h1")).ToHaveTextAsync("Version 1 beside version 2");
        (await page.Locator("dl.figures dd .change, dl.figures dd:not(:has(.change))").AllTextContentsAsync()).ShouldBe(
        [
            Figures.Measured(comparison.FirstAccuracy), Figures.Measured(1), Figures.Points(1 - comparison.FirstAccuracy) + " better",
            "0", Figures.Count(comparison.OnlySecond),
        ]);
        await Expect(page.GetByText("Chance alone hardly explains this difference")).ToBeVisibleAsync();
        await Expect(page.Locator("#class-changes tbody tr")).ToHaveCountAsync(comparison.Classes.Count);
        foreach (var change in comparison.Classes)
        {
            var row = page.Locator("#class-changes tbody tr").Filter(new() { Has = page.GetByRole(AriaRole.Rowheader, new() { Name = change.Label }) });
            (await row.Locator("td.number").AllInnerTextsAsync()).ShouldBe(
            [
                Figures.Count(change.Support), Figures.Count(change.FirstRight), Figures.Count(change.SecondRight),
                Figures.Measured(change.FirstF1), Figures.Measured(change.SecondF1),
            ]);
        }

        await Expect(page.Locator(".differing tbody tr")).ToHaveCountAsync(comparison.Tickets.Count);
        await window.ScreenshotAsync("compare");
        ShouldBeQuiet(window);
    }

    [Fact]
    public async Task A_version_in_the_shadow_is_compared_with_the_champion_until_it_is_taken_out()
    {
        await using var window = await chromium.OpenAsync();
        var page = window.Page;
        // The panel looks every few seconds, by this clock.
        await page.Clock.InstallAsync();
        await window.GoToAsync(_system.Web.Address, "/models?classifier=tickets");

        await page.Locator("#more-1 > summary").ClickAsync();
        await Button(page.Locator("#more-1"), "Put in the shadow").ClickAsync();
        await Expect(page.Locator("#shadow")).ToHaveAttributeAsync("data-challenger", "1");
        await Expect(page.Locator("#shadow-report")).ToContainTextAsync("No ticket came yet");
        await Eventually.IsSoAsync(
            "the challenger is in memory",
            async _ => (await _system.Inference.Http.GetAsync("classifiers", ContractsJson.Default.IReadOnlyListServedClassifier)).Single().Challenger == 1,
            HttpCalls.Cancellation);
        foreach (var text in new[] { SmallClassifier.PrinterText, SmallClassifier.HolidayText, SmallClassifier.NetworkText, SmallClassifier.HolidayText })
        {
            (await PredictAsync(text)).Model.ShouldBe(2);
        }

        await Eventually.IsSoAsync(
            "all four are compared",
            async _ => (await _system.Api.Http.GetAsync("classifiers/tickets/challenger", ContractsJson.Default.ShadowReport)).Compared == 4,
            HttpCalls.Cancellation);
        // Its scripts have run by then.
        await page.WaitForLoadStateAsync();
        await page.Clock.RunForAsync(5000);
        await Expect(page.Locator("#shadow-compared")).ToHaveAttributeAsync("data-value", "4");
        await Expect(page.Locator("#shadow dl.figures")).ToContainTextAsync(Figures.Measured(0.5));
        await Expect(page.Locator("#shadow .mistakes li")).ToHaveCountAsync(2);
        await Expect(page.Locator("#shadow .differing tbody tr")).ToHaveCountAsync(2);
        await window.ScreenshotAsync("shadow");

        await Button(page.Locator("#shadow"), "Take out").ClickAsync();
        await Expect(page.Locator("#shadow")).ToBeHiddenAsync();
        await Expect(page.Locator("#more-1")).ToBeVisibleAsync();
        (await _system.Api.Http.GetAsync("classifiers/tickets", ContractsJson.Default.ClassifierSummary)).Challenger.ShouldBeNull();
        ShouldBeQuiet(window);
    }

    [Fact]
    public async Task Rolling_back_puts_the_former_version_in_service_and_the_other_may_then_be_deleted()
    {
        await using var window = await OpenAsync();
        var page = window.Page;
        await Expect(page.Locator("#model")).ToHaveAttributeAsync("data-version", "2");

        await Button(page.Locator("#actions"), "Roll back to version 1").ClickAsync();
        await Expect(page.Locator("#model")).ToHaveAttributeAsync("data-version", "1");
        await Expect(page.Locator("#rollback")).ToHaveTextAsync("Roll back to version 2");
        await _system.ServesAsync("tickets", 1);
        (await PredictAsync(SmallClassifier.PrinterText)).Prediction.ShouldBe(SmallClassifier.Printer);

        await Expect(page.Locator("#delete-1")).ToHaveCountAsync(0);
        await page.Locator("#more-2 > summary").ClickAsync();
        await Expect(Button(page.Locator("#delete-2"), "Delete version 2")).ToBeHiddenAsync();
        await page.Locator("#delete-2 > summary").ClickAsync();
        await Expect(page.Locator("#delete-2")).ToContainTextAsync("This cannot be undone");
        await window.ScreenshotAsync("delete");
        (await page.Locator("#history .scroll").EvaluateAsync<int>("table => table.scrollWidth - table.clientWidth")).ShouldBe(0);
        await Button(page.Locator("#delete-2"), "Delete version 2").ClickAsync();

        await Expect(page.Locator("#history tr[data-model]")).ToHaveCountAsync(1);
        await Expect(page.Locator("#rollback")).ToHaveCountAsync(0);
        (await _system.Api.Http.GetAsync("classifiers/tickets/models", ContractsJson.Default.IReadOnlyListModelInfo))
            .ShouldHaveSingleItem().Version.ShouldBe(1);
        ShouldBeQuiet(window);
    }

    [Fact]
    public async Task A_training_shows_itself_and_is_cancelled()
    {
        await using var window = await OpenAsync();
        var page = window.Page;
        await Expect(page.Locator("#training")).ToBeHiddenAsync();

        using var response = await _system.Api.Http.PostAsync(
            "classifiers/tickets/dataset", HttpCalls.Csv(SmallClassifier.ToCsv(Examples(Long))), HttpCalls.Cancellation);
        var run = (await response.ReadAsync(ContractsJson.Default.ImportResponse)).Run.Id;

        // No reload: the page hears of it.
        await Expect(page.Locator("#training")).ToHaveAttributeAsync("data-state", "running");
        await Expect(page.Locator("#training li[data-stage=training]")).ToHaveClassAsync("now");
        await Expect(page.Locator("#retrain")).ToBeDisabledAsync();
        await Expect(page.Locator($"#runs tr[data-run='{run}'] .badge")).ToHaveTextAsync("Running");
        await window.ScreenshotAsync("training");
        await page.Locator("#cancel-run").ClickAsync();

        await Expect(page.Locator($"#runs tr[data-run='{run}'] .badge")).ToHaveTextAsync("Cancelled");
        await Expect(page.Locator("#training")).ToBeHiddenAsync();
        await Expect(page.Locator("#retrain")).ToBeEnabledAsync();
        await Expect(page.Locator("#model")).ToHaveAttributeAsync("data-version", "2");
        (await _system.EndOfRunAsync(run)).State.ShouldBe(RunState.Cancelled);
        (await PredictAsync(SmallClassifier.HolidayText)).Model.ShouldBe(2);
        ShouldBeQuiet(window);
    }

    [Fact]
    public async Task A_model_from_elsewhere_is_shown_as_imported_and_not_as_the_last_training()
    {
        var model = (await _system.Store<IModelStore>().ListAsync("tickets", HttpCalls.Cancellation))[0];
        var imported = await _system.Store<IRunStore>().ImportAsync(
            "tickets",
            new RunResult { File = new byte[] { 1, 2, 3 }, Metrics = model.Metrics, Lineage = model.Lineage, Promote = false, Reason = "From elsewhere" },
            HttpCalls.Cancellation);
        await using var window = await OpenAsync();
        var page = window.Page;

        await Expect(page.Locator($"#runs tr[data-run='{imported!.Run}'] .badge")).ToHaveTextAsync("Imported");
        await window.GoToAsync(_system.Web.Address, "/?classifier=tickets");
        await Expect(page.Locator("#learning .last-run .badge")).ToHaveTextAsync("Promoted");
        ShouldBeQuiet(window);
    }

    [Fact]
    public async Task Model_files_and_data_sets_are_downloaded_whole()
    {
        await PredictAndCorrectAsync();
        var former = (await _system.Api.Http.GetAsync("classifiers/tickets/models", ContractsJson.Default.IReadOnlyListModelInfo)).Single(model => model.Version == 1);
        await using var window = await OpenAsync();
        var page = window.Page;

        await page.Locator("#more-1 > summary").ClickAsync();
        var model = await DownloadAsync(page.Locator("#more-1").GetByRole(AriaRole.Link, new() { Name = "Download" }), "tickets-1.model");
        model.LongLength.ShouldBe(former.Size);
        Convert.ToHexStringLower(SHA256.HashData(model)).ShouldBe(former.Checksum, StringCompareShould.IgnoreCase);

        await window.GoToAsync(_system.Web.Address, "/import");
        var imported = await DownloadAsync(page.GetByLabel("Download the examples of tickets as imported"), "tickets.csv");
        Lines(imported).ShouldBe(Small + 1);
        var all = await DownloadAsync(page.GetByLabel("Download the examples of tickets with feedback"), "tickets.csv");
        Lines(all).ShouldBe(Small + 2);
        ShouldBeQuiet(window);
    }

    private static ILocator Button(ILocator place, string name) =>
        place.GetByRole(AriaRole.Button, new() { Name = name, Exact = true, IncludeHidden = true });

    private static IEnumerable<Example> Examples(int count) => Enumerable.Range(0, count).Select(i =>
    {
        var example = SmallClassifier.Examples[i % SmallClassifier.Examples.Count];
        return example with { Text = string.Create(CultureInfo.InvariantCulture, $"{example.Text} {i * 7919 % 1009} case {i}") };
    });

    private static Example Exchange(Example example) => example with
    {
        Label = example.Label switch
        {
            SmallClassifier.Printer => SmallClassifier.Network,
            SmallClassifier.Network => SmallClassifier.Printer,
            var other => other,
        },
    };

    private static int Lines(byte[] csv) => csv.Count(letter => letter == (byte)'\n');

    private async Task<BrowserWindow> OpenAsync()
    {
        var window = await chromium.OpenAsync();
        await window.GoToAsync(_system.Web.Address, "/models?classifier=tickets");
        return window;
    }

    // By a click, and as any client gets it: both are the same.
    private async Task<byte[]> DownloadAsync(ILocator link, string name)
    {
        var address = (await link.GetAttributeAsync("href")).ShouldNotBeNull();
        using var response = await _system.Web.Http.GetAsync(address.TrimStart('/'), HttpCalls.Cancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentDisposition.ShouldNotBeNull().DispositionType.ShouldBe("attachment");
        var content = await response.Content.ReadAsByteArrayAsync(HttpCalls.Cancellation);

        var download = await link.Page.RunAndWaitForDownloadAsync(() => link.ClickAsync());
        download.SuggestedFilename.ShouldBe(name);
        (await File.ReadAllBytesAsync(await download.PathAsync(), HttpCalls.Cancellation)).SequenceEqual(content).ShouldBeTrue();
        return content;
    }

    private Task<PredictionResponse> PredictAsync(string text) =>
        _system.Api.Http.PostAsync("classifiers/tickets/predict", new { text }, ContractsJson.Default.PredictionResponse);

    private async Task PredictAndCorrectAsync()
    {
        var answer = await PredictAsync("the plotter smears");
        await _system.Api.Http.PostAsync(
            "classifiers/tickets/feedback", new { ticket_id = answer.Id, true_label = SmallClassifier.Holiday }, ContractsJson.Default.FeedbackResponse);
    }

    private void ShouldBeQuiet(BrowserWindow window)
    {
        window.Problems.ShouldBeEmpty();
        _system.Web.Logs.Errors.ShouldBeEmpty();
    }
}
