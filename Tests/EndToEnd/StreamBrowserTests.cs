using Microsoft.Playwright;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Tests.Support;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace TicketAspire.Tests.EndToEnd;

/// <summary>A page hears of what happens again after a stream of events was refused, and after it was left and returned to.</summary>
public sealed class StreamBrowserTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private RunningSystem _system = null!;
    private RolloutProxy _proxy = null!;

    public async ValueTask InitializeAsync()
    {
        Chromium.Require();
        _system = await RunningSystem.StartSmallAsync("tickets", "--Retraining:After=1000000");
        _proxy = await RolloutProxy.StartAsync(_system.Web.Address);
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        if (_system is not null)
        {
            await _system.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_page_is_live_again_after_its_stream_was_refused_twice_and_shows_what_it_missed()
    {
        await using var window = await chromium.OpenAsync();
        var page = window.Page;
        await window.GoToAsync(_proxy.Address, "/?classifier=tickets");
        await _proxy.StreamAsync();

        await _proxy.RolloutAsync(refusals: 2);
        await CorrectAsync();
        await _proxy.StreamAsync();

        _proxy.Refused.ShouldBe(2);
        await Expect(page.Locator("[data-unseen]")).ToHaveTextAsync("1");
        // This one is heard of.
        await CorrectAsync();
        await Expect(page.Locator("[data-unseen]")).ToHaveTextAsync("2");
    }

    [Fact]
    public async Task Figures_go_on_after_a_stream_was_refused()
    {
        await using var window = await chromium.OpenAsync();
        var page = window.Page;
        await window.GoToAsync(_proxy.Address, "/operations?classifier=tickets");
        await _proxy.StreamAsync();

        await _proxy.RolloutAsync(refusals: 1);
        await _proxy.StreamAsync();

        await page.EvaluateAsync("document.getElementById('figure-predictions').textContent = 'old'");
        await Expect(page.Locator("#figure-predictions")).Not.ToHaveTextAsync("old");
    }

    [Fact]
    public async Task A_page_that_is_returned_to_is_live_again()
    {
        await using var window = await chromium.OpenAsync();
        var page = window.Page;
        await window.GoToAsync(_proxy.Address, "/?classifier=tickets");
        await _proxy.StreamAsync();
        await page.EvaluateAsync("window.stays = true");

        await window.GoToAsync(_proxy.Address, "/tickets?classifier=tickets");
        await CorrectAsync();
        await page.EvaluateAsync("history.back()");

        await Expect(page.Locator("[data-unseen]")).ToHaveTextAsync("1");
        await CorrectAsync();
        await Expect(page.Locator("[data-unseen]")).ToHaveTextAsync("2");
        // It was not loaded anew.
        (await page.EvaluateAsync<bool>("window.stays")).ShouldBeTrue();
        window.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_page_of_imports_listens_again_after_its_stream_was_refused()
    {
        await using var window = await chromium.OpenAsync();
        var page = window.Page;
        await window.GoToAsync(_proxy.Address, "/import");
        await page.Locator("#file").SetInputFilesAsync(new FilePayload { Name = "a.csv", MimeType = "text/csv", Buffer = "text,label\n"u8.ToArray() });
        await _proxy.StreamAsync();

        await _proxy.RolloutAsync(refusals: 1);
        await _proxy.StreamAsync();

        _proxy.Refused.ShouldBe(1);
    }

    private async Task CorrectAsync() => await _system.Api.Http.PostAsync(
        "classifiers/tickets/feedback",
        new { text = SmallClassifier.PrinterText, prediction = SmallClassifier.Printer, true_label = SmallClassifier.Network },
        ContractsJson.Default.FeedbackResponse);
}
