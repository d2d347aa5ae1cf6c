using System.Collections.Concurrent;
using Microsoft.Playwright;
using Shouldly;
using TicketAspire.Tests.Support;

namespace TicketAspire.Tests.EndToEnd;

/// <summary>A window of the browser, with what goes wrong in its pages and what they ask the server for.</summary>
public sealed class BrowserWindow : IAsyncDisposable
{
    public const int PhoneWidth = 390;

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _problems = new();
    private readonly ConcurrentQueue<IRequest> _requests = new();

    private BrowserWindow(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.SetDefaultTimeout((float)Eventually.Limit.TotalMilliseconds);
        context.WebError += (_, error) => _problems.Enqueue(error.Error);
        context.Request += (_, request) => _requests.Enqueue(request);
        context.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _problems.Enqueue(message.Text);
            }
        };
    }

    public IPage Page { get; }

    /// <summary>What the console has complained of, and what a script has thrown.</summary>
    public IReadOnlyList<string> Problems => [.. _problems];

    /// <summary>All requests, in their order, made by forms and scripts alike.</summary>
    public IReadOnlyList<IRequest> Requests => [.. _requests];

    public static async Task<BrowserWindow> OpenAsync(IBrowser browser, BrowserNewContextOptions options)
    {
        ArgumentNullException.ThrowIfNull(browser);
        var context = await browser.NewContextAsync(options);
        return new BrowserWindow(context, await context.NewPageAsync());
    }

    public async Task GoToAsync(Uri service, string path) => await Page.GotoAsync(new Uri(service, path).ToString());

    /// <summary>Keeps a picture of the page beside the tests, in the folder <c>screenshots</c>.</summary>
    public Task ScreenshotAsync(string name, bool whole = true)
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "screenshots"));
        return Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder.FullName, name + ".png"), FullPage = whole });
    }

    /// <summary>No line is wider than the window.</summary>
    public async Task ShouldNotScrollSidewaysAsync() =>
        (await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBe(0);

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
