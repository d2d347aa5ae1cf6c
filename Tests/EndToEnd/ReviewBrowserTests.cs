using System.Globalization;
using Microsoft.Playwright;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Tests.Support;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace TicketAspire.Tests.EndToEnd;

/// <summary>The review queue as a person works through it: by keys, and by plain forms.</summary>
public sealed class ReviewBrowserTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Path = "/review?classifier=tickets";

    // Nothing is sure enough to be routed without a person.
    private const string AllWait = "--Classifiers:tickets:Threshold=1";

    // What is written there since, and whether the panel of the training was ever to be seen: both change faster than one can look.
    private const string Watch = """
        () => {
          const said = document.getElementById("announce");
          const panel = document.getElementById("training");
          window.heard = [];
          window.trainingSeen = false;
          new MutationObserver(() => window.heard.push(said.textContent)).observe(said, { childList: true });
          new MutationObserver(() => window.trainingSeen ||= !panel.hidden).observe(panel, { attributes: true });
        }
        """;

    [Fact]
    public async Task Keys_take_one_through_the_queue_from_the_least_sure_ticket_to_its_end()
    {
        Chromium.Require();
        await using var system = await RunningSystem.StartSmallAsync("tickets", AllWait);
        var waiting = await ClassifyAsync(
            system, [SmallClassifier.PrinterText, "zebra", SmallClassifier.HolidayText, "printer connection"]);
        await using var window = await OpenAsync(system);
        var page = window.Page;

        waiting.Select(ticket => ticket.Text).First().ShouldBe("zebra");
        await ShowsAsync(page, waiting[0]);
        (await page.Locator("#queue a.ticket").EvaluateAllAsync<string[]>("links => links.map(link => link.getAttribute('href'))"))
            .ShouldBe(waiting.Skip(1).Select(ticket => $"/tickets/{ticket.Id}"));
        await window.ScreenshotAsync("review");
        await page.EvaluateAsync("window.same = true");

        await page.Keyboard.PressAsync(await KeyAsync(page, SmallClassifier.Network));
        await ShowsAsync(page, waiting[1]);
        await Expect(page.Locator("#decided")).ToContainTextAsync($"Recorded as {SmallClassifier.Network}: zebra");
        await Expect(page.Locator("#waiting")).ToHaveAttributeAsync("data-waiting", "3");
        await Expect(page.Locator("#feedback-progress")).ToHaveAttributeAsync("value", "1");

        await page.Keyboard.PressAsync("Enter");
        await ShowsAsync(page, waiting[2]);
        await page.Keyboard.PressAsync(".");
        await ShowsAsync(page, waiting[3]);
        await Expect(page.Locator("#waiting")).ToHaveAttributeAsync("data-waiting", "2");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#current-title")).ToHaveTextAsync("The end of the queue");
        await Expect(page.Locator("#current")).ToContainTextAsync("what was skipped still waits");
        (await page.EvaluateAsync<bool>("window.same")).ShouldBeTrue();

        await page.GetByText("Start over").ClickAsync();
        await ShowsAsync(page, waiting[2]);
        // Its scripts have run by then.
        await page.WaitForLoadStateAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#current-title")).ToHaveTextAsync("Nothing waits");
        await Expect(page.Locator("#current .empty")).ToContainTextAsync("Every ticket that was not sure enough");
        await window.ScreenshotAsync("review-empty");

        (await LabelsAsync(system, waiting)).ShouldBe([SmallClassifier.Network, .. waiting.Skip(1).Select(ticket => ticket.Prediction)]);
        window.Problems.ShouldBeEmpty();
        system.Web.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_ticket_that_comes_while_nothing_waits_shows_up_by_itself()
    {
        Chromium.Require();
        await using var system = await RunningSystem.StartSmallAsync("tickets", AllWait);
        await using var window = await chromium.OpenAsync();
        // The page looks every few seconds, by this clock.
        await window.Page.Clock.InstallAsync();
        await window.GoToAsync(system.Web.Address, Path);
        await Expect(window.Page.Locator("#current-title")).ToHaveTextAsync("Nothing waits");

        var waiting = await ClassifyAsync(system, [SmallClassifier.PrinterText]);
        await window.Page.Clock.RunForAsync(5000);

        await ShowsAsync(window.Page, waiting[0]);
        await window.Page.Keyboard.PressAsync("Enter");
        await Expect(window.Page.Locator("#current-title")).ToHaveTextAsync("Nothing waits");
        (await LabelsAsync(system, waiting)).ShouldBe([SmallClassifier.Printer]);
        window.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Keys_with_modifiers_held_down_switched_off_or_typed_into_a_field_decide_nothing()
    {
        Chromium.Require();
        await using var system = await RunningSystem.StartSmallAsync("tickets", AllWait, "--Classifiers:tickets:AllowNewLabels=true");
        var waiting = await ClassifyAsync(system, ["zebra", "printer connection", SmallClassifier.PrinterText]);
        await using var window = await OpenAsync(system);
        var page = window.Page;
        var key = await KeyAsync(page, SmallClassifier.Holiday);

        foreach (var pressed in new[] { $"Control+{key}", $"Alt+{key}", $"Meta+{key}", "Control+Enter", "Alt+Enter", "Shift+Enter", "Control+.", "Meta+.", "9", "x" })
        {
            await page.Keyboard.PressAsync(pressed);
        }

        await page.Locator("#keys-on").UncheckAsync();
        await page.ReloadAsync();
        await Expect(page.Locator("#keys-on")).Not.ToBeCheckedAsync();
        foreach (var pressed in new[] { key, ".", "Enter" })
        {
            await page.Keyboard.PressAsync(pressed);
        }

        await page.Locator("#keys-on").CheckAsync();
        await page.Locator("#new-label").ClickAsync();
        await page.Keyboard.TypeAsync($"{key}. floor");
        (await page.Locator("#new-label").InputValueAsync()).ShouldBe($"{key}. floor");
        Decisions(window).ShouldBe(0);

        await page.Keyboard.PressAsync("Enter");
        await ShowsAsync(page, waiting[1]);
        await page.Keyboard.DownAsync(key);
        await ShowsAsync(page, waiting[2]);
        await page.Keyboard.DownAsync(key);
        await page.Keyboard.DownAsync(key);
        await page.Keyboard.UpAsync(key);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#current-title")).ToHaveTextAsync("Nothing waits");

        Decisions(window).ShouldBe(3);
        (await LabelsAsync(system, waiting)).ShouldBe([$"{key}. floor", SmallClassifier.Holiday, waiting[2].Prediction]);
        window.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task With_more_labels_than_keys_one_is_found_by_typing()
    {
        Chromium.Require();
        await using var system = await RunningSystem.StartEmptyAsync(AllWait);
        await system.ImportAsync("tickets", SmallClassifier.ToCsv(
            Enumerable.Range(0, 160).Select(i => new Example(Invariant($"room {i % 40} is too cold, case {i}"), Invariant($"room_{i % 40:00}")))));
        var waiting = await ClassifyAsync(system, ["the lamp is broken", "a lamp flickers"]);
        await using var window = await OpenAsync(system);
        var page = window.Page;

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("room 3");
        await Expect(page.Locator("#decide .choice:visible")).ToHaveCountAsync(13);
        await page.Keyboard.TypeAsync("7");
        await Expect(page.Locator("#decide .choice:visible")).ToHaveCountAsync(1);
        await window.ScreenshotAsync("review-many");
        await page.Keyboard.PressAsync("Enter");
        await ShowsAsync(page, waiting[1]);
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("12");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#current-title")).ToHaveTextAsync("Nothing waits");

        (await LabelsAsync(system, waiting)).ShouldBe(["room_37", waiting[1].Prediction]);
        window.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task After_ten_decisions_a_training_runs_and_the_page_says_so()
    {
        Chromium.Require();
        await using var system = await RunningSystem.StartSmallAsync("tickets", AllWait);
        var waiting = await ClassifyAsync(system, Eleven());
        await using var window = await OpenAsync(system);
        var page = window.Page;
        await page.EvaluateAsync(Watch);

        for (var i = 0; i < 10; i++)
        {
            await Expect(page.Locator("#learning [data-unseen]")).ToHaveTextAsync(Invariant($"{i}"));
            await page.Keyboard.PressAsync("Enter");
            await ShowsAsync(page, waiting[i + 1]);
        }

        await Eventually.IsSoAsync(
            "the page says that the next model serves",
            async _ => await page.EvaluateAsync<bool>("window.heard.includes('Version 2 is in service.')"),
            HttpCalls.Cancellation);
        await Expect(page.Locator("#learning [data-unseen]")).ToHaveTextAsync("0");
        await Expect(page.Locator("#training")).ToBeHiddenAsync();
        (await page.EvaluateAsync<string[]>("window.heard")).ShouldContain("A training has begun.");
        (await page.EvaluateAsync<bool>("window.trainingSeen")).ShouldBeTrue();
        // What was waiting meanwhile is where it was.
        await ShowsAsync(page, waiting[10]);
        window.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Plain_forms_do_the_same_on_a_phone_without_script()
    {
        Chromium.Require();
        await using var system = await RunningSystem.StartSmallAsync("tickets", AllWait);
        var waiting = await ClassifyAsync(system, Eleven());
        await using var window = await chromium.OpenPhoneWithoutScriptAsync();
        var page = window.Page;
        await window.GoToAsync(system.Web.Address, Path);

        await ShowsAsync(page, waiting[0]);
        await Expect(page.Locator("#keys")).ToBeHiddenAsync();
        await Expect(page.Locator("kbd:visible")).ToHaveCountAsync(0);
        await window.ScreenshotAsync("review-phone");
        await page.Locator("#skip button").ClickAsync();
        for (var i = 1; i <= 10; i++)
        {
            await ShowsAsync(page, waiting[i]);
            await page.Locator($"#decide button[value='{waiting[i].Prediction}']").ClickAsync();
            await Expect(page.Locator("#decided")).ToContainTextAsync($"Recorded as {waiting[i].Prediction}");
        }

        await Expect(page.Locator("#current-title")).ToHaveTextAsync("The end of the queue");
        await system.EventAsync("the next model serves", change => change is { Type: EventTypes.Champion, Model: 2 });
        await page.GetByText("Start over").ClickAsync();
        await ShowsAsync(page, waiting[0]);
        await Expect(page.Locator("#learning [data-unseen]")).ToHaveTextAsync("0");
        await page.Locator($"#decide button[value='{SmallClassifier.Holiday}']").ClickAsync();
        await Expect(page.Locator("#current-title")).ToHaveTextAsync("Nothing waits");
        await Expect(page.Locator("#learning [data-unseen]")).ToHaveTextAsync("1");

        (await LabelsAsync(system, waiting)).ShouldBe([SmallClassifier.Holiday, .. waiting.Skip(1).Select(ticket => ticket.Prediction)]);
        await window.ShouldNotScrollSidewaysAsync();
        system.Web.Logs.Errors.ShouldBeEmpty();
    }

    private static IEnumerable<string> Eleven() =>
        SmallClassifier.Examples.Take(11).Select((example, i) => Invariant($"{example.Text} on floor {i}"));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static int Decisions(BrowserWindow window) => window.Requests.Count(request =>
        request.Method == "POST" || request.Url.Contains("after=", StringComparison.Ordinal));

    private static Task ShowsAsync(IPage page, Ticket ticket) =>
        Expect(page.Locator("#current")).ToHaveAttributeAsync("data-ticket", ticket.Id);

    private static async Task<string> KeyAsync(IPage page, string label) =>
        (await page.Locator($"#decide button[value='{label}']").GetAttributeAsync("data-key")).ShouldNotBeNull();

    // As they wait: the least sure first.
    private static async Task<IReadOnlyList<Ticket>> ClassifyAsync(RunningSystem system, IEnumerable<string> texts)
    {
        var tickets = new List<Ticket>();
        foreach (var text in texts)
        {
            var answer = await system.Api.Http.PostAsync("predict", new { text }, ContractsJson.Default.PredictionResponse);
            answer.Route.ShouldBe(Routes.Review);
            tickets.Add(await system.Api.Http.GetAsync($"tickets/{answer.Id}", ContractsJson.Default.Ticket));
        }

        tickets.Select(ticket => ticket.Confidence).ShouldBeUnique();
        return [.. tickets.OrderBy(ticket => ticket.Confidence)];
    }

    private static async Task<IReadOnlyList<string?>> LabelsAsync(RunningSystem system, IEnumerable<Ticket> tickets)
    {
        var labels = new List<string?>();
        foreach (var ticket in tickets)
        {
            labels.Add((await system.Api.Http.GetAsync($"tickets/{ticket.Id}", ContractsJson.Default.Ticket)).Label);
        }

        return labels;
    }

    private async Task<BrowserWindow> OpenAsync(RunningSystem system)
    {
        var window = await chromium.OpenAsync();
        await window.GoToAsync(system.Web.Address, Path);
        return window;
    }
}
