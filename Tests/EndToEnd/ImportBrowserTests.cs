using System.Text;
using Microsoft.Playwright;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace TicketAspire.Tests.EndToEnd;

/// <summary>An organisation's own file: looked at, imported, refused.</summary>
public sealed class ImportBrowserTests(Chromium chromium) : IClassFixture<Chromium>
{
    // One row is there three times, one text has three labels, two rows cannot be used.
    private const string Untidy = """
        text,label
        the lamp is broken,building
        the lamp is broken,building
        the lamp is broken,building
        lamp in room four,building
        the door squeaks,building
        the door squeaks,printer
        the door squeaks,printer
        the door squeaks,holiday
        ,printer
        a row without a label,
        the printer has a paper jam,printer
        vacation request approval,holiday
        """;

    [Fact]
    public async Task A_preview_shows_what_the_file_would_bring_and_keeps_nothing()
    {
        Chromium.Require();
        await using var system = await RunningSystem.StartSmallAsync("tickets");
        var before = system.Contents();
        await using var window = await OpenAsync(system, chromium.OpenAsync());
        var page = window.Page;

        await ChooseAsync(page, "tickets", Untidy);
        await page.Locator("#preview").ClickAsync();
        await ShowsUntidyAsync(page);
        await Expect(page.Locator("#announce")).ToContainTextAsync("Nothing has been kept");
        await window.ScreenshotAsync("preview");
        await page.Locator("input[name=Mode][value=append]").CheckAsync();
        await page.Locator("#preview").ClickAsync();
        await Expect(page.Locator("#lost-labels")).ToHaveCountAsync(0);
        await Expect(page.Locator("#duplicates")).ToHaveTextAsync("3");

        system.Contents().ShouldBe(before);
        (await system.Store<IRunStore>().OpenAsync(HttpCalls.Cancellation)).ShouldBeEmpty();
        ShouldBeQuiet(system, window);
    }

    [Fact]
    public async Task After_a_preview_the_same_file_is_imported_and_its_model_serves()
    {
        Chromium.Require();
        await using var system = await RunningSystem.StartSmallAsync("tickets");
        await using var window = await OpenAsync(system, chromium.OpenAsync());
        var page = window.Page;

        await ChooseAsync(page, "facilities", SmallClassifier.Csv);
        await page.Locator("#preview").ClickAsync();
        await Expect(page.Locator("#previewed")).ToContainTextAsync("This would be a new classifier");
        await Expect(page.Locator("#previewed")).ToHaveAttributeAsync("data-rows", "36");
        await page.Locator("#import").ClickAsync();
        await Expect(page.Locator("#imported")).ToHaveAttributeAsync("data-rows", "36");
        await Expect(page.Locator("#imported .eyebrow")).ToHaveTextAsync("New classifier");
        await Expect(page.Locator("#imported tr[data-label] td.number")).ToHaveTextAsync(["12", "12", "12"]);
        await Expect(page.Locator("#existing")).ToContainTextAsync("facilities");
        await Expect(page.Locator("#import-progress")).ToBeHiddenAsync();
        await window.ScreenshotAsync("imported");

        await page.GetByText("Try it").ClickAsync();
        // Should the model be under way still, the page opens its form by itself.
        await page.Locator("#text:enabled").WaitForAsync();
        await page.Locator("#text").FillAsync(SmallClassifier.NetworkText);
        await page.Locator("#classify").ClickAsync();
        await Expect(page.Locator("#result")).ToHaveAttributeAsync("data-category", SmallClassifier.Network);
        (await system.Api.Http.GetAsync("tickets?classifier=facilities", ContractsJson.Default.PageTicket)).Items
            .ShouldHaveSingleItem().Text.ShouldBe(SmallClassifier.NetworkText);
        ShouldBeQuiet(system, window);
    }

    [Theory]
    [InlineData("subject,wish\nlamp,new\n", "No text column found. The header has 'subject', 'wish'")]
    [InlineData("text,label\nlamp,building\ndoor,building\n", "All rows have the same label")]
    [InlineData("", "The file is empty")]
    public async Task A_file_that_cannot_be_used_is_refused_with_the_reason(string csv, string reason)
    {
        Chromium.Require();
        await using var system = await RunningSystem.StartEmptyAsync();
        var before = system.Contents();
        await using var window = await OpenAsync(system, chromium.OpenAsync());
        var page = window.Page;

        foreach (var button in new[] { "#preview", "#import" })
        {
            await ChooseAsync(page, "facilities", csv);
            await page.Locator(button).ClickAsync();
            await Expect(page.Locator("#form-error")).ToContainTextAsync(reason);
            await page.ReloadAsync();
        }

        await Expect(page.Locator("#imported, #previewed")).ToHaveCountAsync(0);
        system.Contents().ShouldBe(before);
        // That the answer is a refusal is what the browser itself notes.
        window.Problems.ShouldAllBe(problem => problem.Contains("status of 400", StringComparison.Ordinal));
        system.Web.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_plain_form_previews_refuses_and_imports_on_a_phone_without_script()
    {
        Chromium.Require();
        await using var system = await RunningSystem.StartSmallAsync("tickets");
        await using var window = await OpenAsync(system, chromium.OpenPhoneWithoutScriptAsync());
        var page = window.Page;

        await ChooseAsync(page, "tickets", "subject,wish\nlamp,new\n");
        await page.Locator("#import").ClickAsync();
        await Expect(page.Locator("#form-error")).ToContainTextAsync("No text column found");
        (await page.Locator("#classifier-name").InputValueAsync()).ShouldBe("tickets");
        await ChooseAsync(page, "tickets", Untidy);
        await page.Locator("#preview").ClickAsync();
        await ShowsUntidyAsync(page);
        // Playwright's other ways to look at texts leave this element out.
        (await page.Locator("#previewed noscript").TextContentAsync()).ShouldNotBeNull().ShouldContain("Choose the file again to import it.");
        await window.ScreenshotAsync("preview-phone");
        await window.ShouldNotScrollSidewaysAsync();
        await ChooseAsync(page, "tickets", Untidy);
        await page.Locator("#import").ClickAsync();
        await Expect(page.Locator("#imported")).ToHaveAttributeAsync("data-skipped", "2");
        await system.ServesAsync("tickets", 2);
        system.Web.Logs.Errors.ShouldBeEmpty();
    }

    private static async Task ShowsUntidyAsync(IPage page)
    {
        var previewed = page.Locator("#previewed");
        await Expect(previewed).ToHaveAttributeAsync("data-rows", "12");
        await Expect(previewed).ToHaveAttributeAsync("data-skipped", "2");
        await Expect(page.Locator("#duplicates")).ToHaveTextAsync("3");
        await Expect(page.Locator("#contradictions")).ToHaveTextAsync("1");
        await Expect(page.Locator("#contradicting tbody td")).ToHaveTextAsync(["the door squeaks", "printer (2), building (1), holiday (1)"]);
        await Expect(page.Locator("#new-labels")).ToContainTextAsync("building");
        await Expect(page.Locator("#lost-labels")).ToContainTextAsync(SmallClassifier.Network);
        await Expect(previewed.Locator(".problems td")).ToHaveTextAsync(["10", "The text is empty", "11", "The label is empty"]);
    }

    private static async Task<BrowserWindow> OpenAsync(RunningSystem system, Task<BrowserWindow> opening)
    {
        var window = await opening;
        await window.GoToAsync(system.Web.Address, "/import");
        return window;
    }

    private static async Task ChooseAsync(IPage page, string classifier, string csv)
    {
        await page.Locator("#classifier-name").FillAsync(classifier);
        await page.Locator("#file").SetInputFilesAsync(
            new FilePayload { Name = "tickets.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(csv) });
    }

    private static void ShouldBeQuiet(RunningSystem system, BrowserWindow window)
    {
        window.Problems.ShouldBeEmpty();
        system.Web.Logs.Errors.ShouldBeEmpty();
    }
}
