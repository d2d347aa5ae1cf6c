using Microsoft.Playwright;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.EndToEnd;

/// <summary>
/// A real browser (Debian's chromium) for the tests of one class, started by the first that opens a window. Where none is
/// installed, those tests are skipped.
/// </summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> _running = new(LaunchAsync);

    public Chromium() => Assertions.SetDefaultExpectTimeout((float)Eventually.Limit.TotalMilliseconds);

    private static string? Program => Environment.GetEnvironmentVariable("CHROMIUM") ?? Places.FirstOrDefault(File.Exists);

    /// <summary>Skips the test where no browser is installed. Called before anything is started for it.</summary>
    public static void Require() => Assert.SkipWhen(Program is null, "No chromium is installed (apt-get install chromium).");

    /// <summary>Opens a window with cookies and storage of its own.</summary>
    public async Task<BrowserWindow> OpenAsync(BrowserNewContextOptions? options = null)
    {
        Require();
        return await BrowserWindow.OpenAsync((await _running.Value).Browser, options ?? new BrowserNewContextOptions());
    }

    /// <summary>The same, as large as a phone and where no script runs.</summary>
    public Task<BrowserWindow> OpenPhoneWithoutScriptAsync() => OpenAsync(new BrowserNewContextOptions
    {
        JavaScriptEnabled = false,
        ViewportSize = new ViewportSize { Width = BrowserWindow.PhoneWidth, Height = 844 },
        ColorScheme = ColorScheme.Dark,
    });

    public async ValueTask DisposeAsync()
    {
        if (_running.IsValueCreated)
        {
            var (playwright, browser) = await _running.Value;
            await browser.DisposeAsync();
            playwright.Dispose();
        }
    }

    private static async Task<(IPlaywright Playwright, IBrowser Browser)> LaunchAsync()
    {
        var playwright = await Playwright.CreateAsync();
        try
        {
            return (playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = Program,
                // As people's browsers do, it keeps pages that are left, for who returns to them.
                IgnoreDefaultArgs = ["--disable-back-forward-cache"],
                Args = ["--no-sandbox", "--disable-gpu", "--enable-features=BackForwardCache", "--disable-quic", "--disable-background-networking", "--no-first-run"],
            }));
        }
        catch
        {
            playwright.Dispose();
            throw;
        }
    }
}
