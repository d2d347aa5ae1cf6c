using System.Globalization;
using Microsoft.Playwright;
using Shouldly;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.EndToEnd;

/// <summary>The main job by clicking, in a real browser (Debian's chromium) against the stand-alone host.</summary>
public sealed class BrowserTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ten_corrections_by_clicking_bring_a_better_model()
    {
        Chromium.Require();
        await using var host = await StandaloneProcess.StartAsync(_folder.Path);
        await using var window = await chromium.OpenAsync();
        var page = window.Page;
        await window.GoToAsync(host.Web, "/");

        for (var i = 0; i < ParkingTickets.Texts.Length; i++)
        {
            await ClassifyAsync(page, ParkingTickets.Texts[i]);
            if (i == 0)
            {
                await window.ScreenshotAsync("answer");
                (await page.Locator("#result mark").CountAsync()).ShouldBeGreaterThan(0);
            }

            await CorrectAsync(page, ParkingTickets.Category);
        }

        // No reload: the page hears of the new model by itself.
        await page.Locator("#model[data-version='2']").WaitForAsync();
        await Eventually.IsSoAsync(
            "the new model answers",
            async _ =>
            {
                await ClassifyAsync(page, ParkingTickets.Texts[0]);
                return await page.Locator("#result").GetAttributeAsync("data-model") == "2";
            },
            TestContext.Current.CancellationToken);
        foreach (var text in ParkingTickets.Texts)
        {
            await ClassifyAsync(page, text);
            (await page.Locator("#result").GetAttributeAsync("data-category")).ShouldBe(ParkingTickets.Category);
        }

        await window.GoToAsync(host.Web, "/models?classifier=tickets");
        (await page.Locator("#confusion").CountAsync()).ShouldBe(1);
        await window.ScreenshotAsync("models");
        window.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Everything_works_without_script_on_a_phone()
    {
        Chromium.Require();
        await using var host = await StandaloneProcess.StartAsync(_folder.Path);
        await using var window = await chromium.OpenPhoneWithoutScriptAsync();
        var page = window.Page;
        await window.GoToAsync(host.Web, "/");

        await ClassifyAsync(page, "my laptop does not start any more, the screen stays black");
        (await page.Locator("#result").GetAttributeAsync("data-category")).ShouldBe("Hardware");
        double.Parse((await page.Locator("#confidence").GetAttributeAsync("data-value"))!, CultureInfo.InvariantCulture)
            .ShouldBeInRange(0.2, 1);
        await window.ScreenshotAsync("phone-dark");
        await page.Locator("#right").ClickAsync();
        await page.Locator("#feedback-saved").WaitForAsync();
        (await page.Locator("#feedback-progress").GetAttributeAsync("value")).ShouldBe("1");
        // No line is wider than the phone.
        await window.GoToAsync(host.Web, "/tickets");
        (await page.Locator("body").BoundingBoxAsync())!.Width.ShouldBeLessThanOrEqualTo(BrowserWindow.PhoneWidth);
    }

    private static async Task ClassifyAsync(IPage page, string text)
    {
        var before = await page.Locator("#result").CountAsync() == 0
            ? null
            : await page.Locator("#result").GetAttributeAsync("data-ticket");
        await page.Locator("#text").FillAsync(text);
        await page.Locator("#classify").ClickAsync();
        await page.Locator(before is null ? "#result[data-ticket]" : $"#result[data-ticket]:not([data-ticket='{before}'])").WaitForAsync();
    }

    private static async Task CorrectAsync(IPage page, string label)
    {
        await page.Locator($"#wrong button[name=label][value='{label}']").ClickAsync();
        await page.Locator("#feedback-saved").WaitForAsync();
    }
}
