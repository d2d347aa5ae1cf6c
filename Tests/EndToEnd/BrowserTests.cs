using System.Globalization;
using Microsoft.Playwright;
using Shouldly;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.EndToEnd;

/// <summary>The main job by clicking, in a real browser (Debian's chromium) against the stand-alone host.</summary>
public sealed class BrowserTests : IDisposable
{
    private const int PatienceMilliseconds = 60_000;
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly TemporaryFolder _folder = new();

    private static string Screenshots => Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots")).FullName;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ten_corrections_by_clicking_bring_a_better_model()
    {
        await using var host = await StandaloneProcess.StartAsync(_folder.Path);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await LaunchAsync(playwright);
        var page = await OpenAsync(browser, host.Web, new BrowserNewContextOptions());
        var problems = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                problems.Add(message.Text);
            }
        };

        for (var i = 0; i < ParkingTickets.Texts.Length; i++)
        {
            await ClassifyAsync(page, ParkingTickets.Texts[i]);
            if (i == 0)
            {
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Screenshots, "answer.png"), FullPage = true });
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

        await page.GotoAsync(new Uri(host.Web, "/models?classifier=tickets").ToString());
        (await page.Locator("#confusion").CountAsync()).ShouldBe(1);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Screenshots, "models.png"), FullPage = true });
        problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Everything_works_without_script_on_a_phone()
    {
        await using var host = await StandaloneProcess.StartAsync(_folder.Path);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await LaunchAsync(playwright);
        var page = await OpenAsync(browser, host.Web, new BrowserNewContextOptions
        {
            JavaScriptEnabled = false,
            ViewportSize = new ViewportSize { Width = 390, Height = 844 },
            ColorScheme = ColorScheme.Dark,
        });

        await ClassifyAsync(page, "my laptop does not start any more, the screen stays black");
        (await page.Locator("#result").GetAttributeAsync("data-category")).ShouldBe("Hardware");
        double.Parse((await page.Locator("#confidence").GetAttributeAsync("data-value"))!, CultureInfo.InvariantCulture)
            .ShouldBeInRange(0.2, 1);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Screenshots, "phone-dark.png"), FullPage = true });
        await page.Locator("#right").ClickAsync();
        await page.Locator("#feedback-saved").WaitForAsync();
        (await page.Locator("#feedback-progress").GetAttributeAsync("value")).ShouldBe("1");
        // No line is wider than the phone.
        await page.GotoAsync(new Uri(host.Web, "/tickets").ToString());
        (await page.Locator("body").BoundingBoxAsync())!.Width.ShouldBeLessThanOrEqualTo(390);
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

    private static async Task<IPage> OpenAsync(IBrowser browser, Uri address, BrowserNewContextOptions options)
    {
        var page = await (await browser.NewContextAsync(options)).NewPageAsync();
        page.SetDefaultTimeout(PatienceMilliseconds);
        await page.GotoAsync(address.ToString());
        return page;
    }

    private static async Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        var chromium = Environment.GetEnvironmentVariable("CHROMIUM") ?? Places.FirstOrDefault(File.Exists);
        Assert.SkipWhen(chromium is null, "No chromium is installed (apt-get install chromium).");
        return await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = chromium,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"],
        });
    }
}
