using Shouldly;
using TicketAspire.AppHost.Standalone;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.EndToEnd;

public sealed class DashboardTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--Host x", false, null, "--Host x")]
    [InlineData("--dashboard", true, null, "")]
    [InlineData("--dashboard --Host x", true, null, "--Host x")]
    [InlineData("--Host x --dashboard /opt/aspire --Ports:Web 1", true, "/opt/aspire", "--Host x --Ports:Web 1")]
    [InlineData("--dashboard=/opt/aspire", true, "/opt/aspire", "")]
    public void The_option_is_taken_out_of_the_arguments(string args, bool wanted, string? folder, string rest)
    {
        Dashboard.IsWanted(args.Split(' '), out var found, out var others).ShouldBe(wanted);

        found.ShouldBe(folder);
        string.Join(' ', others).ShouldBe(rest);
    }

    [Fact]
    public async Task Without_the_command_one_line_says_how_to_get_it()
    {
        var (exitCode, output) = await StandaloneProcess.RunToEndAsync(_folder.Path, "--dashboard", _folder.Path);

        exitCode.ShouldBe(1);
        output.Trim().Split('\n').Length.ShouldBe(1, output);
        output.ShouldContain("install");
        output.ShouldContain(_folder.Path);
    }

    [Fact]
    public async Task The_dashboard_is_started_where_the_command_is_and_ends_with_the_system()
    {
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "aspire"))),
            "There is no aspire command on the PATH.");
        Uri page;
        await using (var host = await StandaloneProcess.StartAsync(_folder.Path, "--dashboard"))
        {
            page = new Uri(host.Output.Split('\n').Single(line => line.Contains("Dashboard", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
            using var http = new HttpClient();
            using var answer = await http.GetAsync(page, HttpCalls.Cancellation);
            answer.IsSuccessStatusCode.ShouldBeTrue();
            (await host.StopAsync()).ShouldBe(0);
        }

        using var gone = new HttpClient();
        await Should.ThrowAsync<HttpRequestException>(() => gone.GetAsync(page, HttpCalls.Cancellation));
    }
}
