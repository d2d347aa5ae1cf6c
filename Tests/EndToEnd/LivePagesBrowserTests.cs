using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace TicketAspire.Tests.EndToEnd;

/// <summary>Pages change by themselves, and leave alone who works on them with the keyboard, reads a table or wants them still.</summary>
public sealed class LivePagesBrowserTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private const string Focusable = "a[href], button, summary, input:not([type=hidden]), select, [tabindex]";

    private RunningSystem _system = null!;

    public async ValueTask InitializeAsync()
    {
        Chromium.Require();
        _system = await RunningSystem.StartEmptyAsync("--Operations:FlushEvery=00:00:00.2", "--Drift:Every=00:00:00.5", "--Retraining:After=1000000");
        await _system.ImportAsync("tickets", SmallClassifier.Csv);
    }

    public async ValueTask DisposeAsync()
    {
        if (_system is not null)
        {
            await _system.DisposeAsync();
        }
    }

    [Fact]
    public async Task Focus_and_scroll_stay_while_figures_change()
    {
        await AddFormerHourAsync();
        await using var window = await OpenAsync("/operations?classifier=tickets");
        var page = window.Page;
        await page.Locator("#drift-link").WaitForAsync();
        var summary = page.Locator("#predictions-table > summary");
        await summary.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#predictions-table-rows").EvaluateAsync("rows => rows.scrollTop = 300");
        await RememberAsync(page);

        await ChangesAsync(page);

        await Expect(summary).ToBeFocusedAsync();
        await ShouldBeTheSameAsync(page);
        // A new minute may have come above what is in sight.
        (await page.Locator("#predictions-table-rows").EvaluateAsync<double>("rows => rows.scrollTop")).ShouldBeGreaterThanOrEqualTo(300);

        foreach (var id in new[] { "drift-link", "predictions-table-rows", "latency-table-summary" })
        {
            await page.Locator("#" + id).FocusAsync();
            await ChangesAsync(page);
            await Expect(page.Locator("#" + id)).ToBeFocusedAsync();
        }

        window.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Figures_stand_still_while_updates_are_paused()
    {
        await using var window = await OpenAsync("/operations?classifier=tickets");
        var page = window.Page;
        var pause = page.Locator("#pause");
        await Expect(pause).ToHaveAttributeAsync("aria-pressed", "false");
        await Expect(page.Locator("[data-paused]")).ToBeHiddenAsync();
        await PredictAsync(1);
        await ChangesAsync(page);

        await pause.ClickAsync();
        await Expect(pause).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.Locator("[data-paused]")).ToBeVisibleAsync();
        var before = await page.Locator("#figure-predictions").InnerTextAsync();
        var asked = Asked(window);
        await PredictAsync(5);
        await TicksAsync(page, 2);
        (await page.Locator("#figure-predictions").InnerTextAsync()).ShouldBe(before);
        Asked(window).ShouldBe(asked);

        await page.SetViewportSizeAsync(BrowserWindow.PhoneWidth, 844);
        await window.ShouldNotScrollSidewaysAsync();
        await window.ScreenshotAsync("operations-paused", whole: false);
        await page.ReloadAsync();
        await Expect(pause).ToHaveAttributeAsync("aria-pressed", "true");
        asked = Asked(window);
        await TicksAsync(page, 2);
        Asked(window).ShouldBe(asked);

        before = await page.Locator("#figure-predictions").InnerTextAsync();
        await PredictAsync(5);
        await CountedAsync(int.Parse(before, CultureInfo.InvariantCulture) + 5);
        await pause.ClickAsync();
        await Expect(page.Locator("#figure-predictions")).Not.ToHaveTextAsync(before);
        await Expect(pause).ToHaveAttributeAsync("aria-pressed", "false");
        await Expect(pause).ToBeFocusedAsync();
        await ChangesAsync(page);
        window.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_script_there_is_nothing_to_pause()
    {
        await using var window = await chromium.OpenPhoneWithoutScriptAsync();
        await window.GoToAsync(_system.Web.Address, "/operations");

        await Expect(window.Page.Locator("#pause")).ToHaveCountAsync(1);
        await Expect(window.Page.Locator("#pause")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Focus_and_choices_stay_when_a_version_and_a_training_are_added_to_the_lists()
    {
        await _system.ImportAsync("tickets", SmallClassifier.Csv + "the fax machine has a paper jam,printer\n");
        await using var window = await OpenAsync("/models?classifier=tickets");
        var page = window.Page;
        await page.Locator("#history select[name=second]").SelectOptionAsync("1");
        await page.Locator("#more-1 > summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await RememberAsync(page, "#history");

        await _system.ImportAsync("tickets", SmallClassifier.Csv + "the fax machine is out of paper,printer\n");

        await Expect(page.Locator("#history tbody tr")).ToHaveCountAsync(3);
        await Expect(page.Locator("#model")).ToHaveAttributeAsync("data-version", "3");
        await Expect(page.Locator("#more-1 > summary")).ToBeFocusedAsync();
        await Expect(page.Locator("#more-1")).ToHaveAttributeAsync("open", "");
        await Expect(page.Locator("#history select[name=second]")).ToHaveValueAsync("1");
        await ShouldBeTheSameAsync(page);
        window.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_tree_becomes_the_other_whatever_is_in_both()
    {
        await using var window = await OpenAsync("/tickets?classifier=tickets");

        // Random trees of a few kinds of elements, some with ids and keys; what has a key must be the element that it was.
        var wrong = await window.Page.EvaluateAsync<string[]>("""
            async () => {
              const { merge } = await import("/js/merge.js");
              let seed = 1;
              const random = below => (seed = (seed * 48271) % 2147483647) % below;
              const tree = depth => {
                const root = document.createElement(["div", "p", "details"][random(3)]);
                if (random(3) === 0) root.className = "c" + random(3);
                const keys = new Set();
                for (let i = random(7); i > 0; i--) {
                  if (random(3) === 0) { root.append(document.createTextNode("t" + random(4))); continue; }
                  const child = depth === 0 ? document.createElement("span") : tree(depth - 1);
                  const key = "k" + random(8);
                  if (random(2) === 0 && !keys.has(key)) { keys.add(key); child.dataset.key = key; }
                  root.append(child);
                }
                root.normalize();
                return root;
              };
              const children = root => new Map([...root.children].filter(c => c.dataset.key).map(c => [c.nodeName + c.dataset.key, c]));
              const wrong = [];
              for (let i = 0; i < 3000; i++) {
                const [one, other] = [document.createElement("section"), document.createElement("section")];
                one.append(...tree(3).childNodes);
                other.append(...tree(3).childNodes);
                other.normalize();
                const [from, to] = [one.innerHTML, other.cloneNode(true)];
                const [before, wanted] = [children(one), [...children(other).keys()]];
                merge(one, other);
                const after = children(one);
                one.normalize();
                if (!one.isEqualNode(to) || wanted.some(key => before.has(key) && before.get(key) !== after.get(key))) wrong.push(`${from} -> ${to.innerHTML}: ${one.innerHTML}`);
              }
              return wrong;
            }
            """);

        wrong.ShouldBeEmpty();
    }

    private async Task<BrowserWindow> OpenAsync(string path)
    {
        var window = await chromium.OpenAsync();
        await window.GoToAsync(_system.Web.Address, path);
        return window;
    }

    private Task<OperationsReport> CountedAsync(int predictions) => Eventually.GetAsync(
        "they are counted",
        async _ => await _system.Api.Http.GetAsync("operations?classifier=tickets", ContractsJson.Default.OperationsReport) is var report
            && report.Predictions.Count.Sum() >= predictions
            ? report
            : null,
        HttpCalls.Cancellation);

    // What is predicted now is seen after a moment: the page has taken in another rendering by then.
    private async Task ChangesAsync(IPage page)
    {
        var before = await page.Locator("#figure-predictions").InnerTextAsync();
        await PredictAsync(3);
        await Expect(page.Locator("#figure-predictions")).Not.ToHaveTextAsync(before);
    }

    private static async Task RememberAsync(IPage page, string within = "[data-live], [data-refresh]") => await page.EvaluateAsync(
        "([within, focusable]) => window.remembered = [...document.querySelectorAll(within)].flatMap(part => [...part.querySelectorAll(focusable)])",
        new[] { within, Focusable });

    private static async Task ShouldBeTheSameAsync(IPage page)
    {
        (await page.EvaluateAsync<int>("remembered.length")).ShouldBeGreaterThan(5);
        (await page.EvaluateAsync<string[]>("remembered.filter(element => !element.isConnected).map(element => element.outerHTML)")).ShouldBeEmpty();
    }

    private static async Task TicksAsync(IPage page, int count) => await page.EvaluateAsync(
        """
        count => new Promise(heard => {
          const events = new EventSource("/events?operations=true");
          events.addEventListener("operations", () => {
            if (--count > 0) return;
            events.close();
            heard();
          });
        })
        """,
        count);

    private static int Asked(BrowserWindow window) => window.Requests.Count(request => new Uri(request.Url).AbsolutePath == "/operations");

    private async Task PredictAsync(int times)
    {
        using var response = await _system.Api.Http.PostJsonAsync(
            "classifiers/tickets/predict/batch", JsonSerializer.Serialize(Enumerable.Repeat(new { text = SmallClassifier.PrinterText }, times)));
        response.EnsureSuccessStatusCode();
    }

    // A row of the table for each minute.
    private Task AddFormerHourAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        return _system.Store<IRollupStore>().AddAsync(
            [
                .. Enumerable.Range(2, 55).Select(minute => new Rollup
                {
                    At = RollupSpan.Minute.Begin(now.AddMinutes(-minute)),
                    Series = TicketAspire.ServiceDefaults.Telemetry.Measures.Predictions,
                    Tags = ["tickets", SmallClassifier.Printer, "auto", "1"],
                    Count = minute,
                }),
            ],
            HttpCalls.Cancellation);
    }
}
