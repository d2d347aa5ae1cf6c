using Shouldly;
using TicketAspire.Retrainer.CommandLine;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Retrainer.CommandLine;

public sealed class UsageTests : IAsyncDisposable
{
    private readonly CommandLineSite _site = new();

    [Theory]
    [InlineData(true, "train")]
    [InlineData(true, "models", "delete", "1")]
    [InlineData(true, "tarin")]
    [InlineData(true, "--help")]
    [InlineData(true, "-h")]
    [InlineData(true, "-?")]
    [InlineData(true, "--version")]
    [InlineData(true, "-c", "tickets", "train")]
    [InlineData(true, "--storage", "x.db", "models")]
    [InlineData(true, "--storage=x.db", "models")]
    [InlineData(false)]
    [InlineData(false, "--Ports:Retrainer", "6002")]
    [InlineData(false, "--Storage:Path=x.db")]
    [InlineData(false, "Storage:Path=x.db")]
    [InlineData(false, "/Storage:Path", "x.db")]
    public void A_command_is_told_from_a_services_settings(bool command, params string[] args) =>
        RetrainerCommandLine.IsAsked(args).ShouldBe(command);

    [Theory]
    [InlineData("tarin")]
    [InlineData("import")]
    [InlineData("train", "--level", "slow")]
    [InlineData("train", "--threads", "0")]
    [InlineData("train", "--all", "-c", "tickets")]
    [InlineData("train", "--wait", "--level", "quick")]
    [InlineData("import", "a.csv", "--preview", "--train")]
    [InlineData("promote", "latest")]
    [InlineData("export", "--json")]
    [InlineData("models", "compare", "1")]
    public async Task Wrong_usage_ends_with_exit_code_2_and_the_way_to_help(params string[] args)
    {
        var result = await _site.RunAsync(args);

        result.Code.ShouldBe(2);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldContain("--help");
        File.Exists(_site.Store).ShouldBeFalse();
    }

    [Theory]
    [InlineData]
    [InlineData("import")]
    [InlineData("train")]
    [InlineData("evaluate")]
    [InlineData("models")]
    [InlineData("models", "compare")]
    [InlineData("models", "delete")]
    [InlineData("models", "prune")]
    [InlineData("models", "download")]
    [InlineData("promote")]
    [InlineData("rollback")]
    [InlineData("export")]
    [InlineData("runs")]
    public async Task Every_command_explains_itself_and_has_an_example(params string[] args)
    {
        var help = await _site.DoneAsync([.. args, "--help"]);

        help.Output.ShouldContain("--storage");
        help.Output.ShouldContain("--classifier");
        help.Output.ShouldContain("--json");
        help.Output.ShouldContain("Example");
        help.Error.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("train")]
    [InlineData("evaluate")]
    [InlineData("models")]
    [InlineData("promote", "1")]
    [InlineData("rollback")]
    [InlineData("export")]
    [InlineData("runs")]
    public async Task A_mistyped_store_is_told_and_not_created(params string[] args)
    {
        var result = await _site.RunAsync(args);

        result.Code.ShouldBe(1);
        result.Error.ShouldContain(_site.Store);
        File.Exists(_site.Store).ShouldBeFalse();
    }

    [Theory]
    [InlineData("train")]
    [InlineData("evaluate")]
    [InlineData("models")]
    [InlineData("promote", "1")]
    [InlineData("rollback")]
    [InlineData("export")]
    [InlineData("runs")]
    public async Task An_unknown_classifier_is_told_with_those_there_are(params string[] args)
    {
        await _site.DoneAsync("import", _site.Write("tickets.csv", SmallClassifier.Csv), "-c", "desk");

        var result = await _site.RunAsync([.. args, "-c", "dusk"]);

        result.Code.ShouldBe(1);
        result.Output.ShouldBeEmpty();
        result.Error.TrimEnd().ShouldBe("There is no classifier 'dusk'; there is desk");
    }

    [Fact]
    public async Task A_file_that_is_no_store_is_told_in_one_line()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_site.Store)!);
        await File.WriteAllTextAsync(_site.Store, new string('x', 5000), TestContext.Current.CancellationToken);

        var result = await _site.RunAsync("models");

        result.Code.ShouldBe(1);
        result.Error.TrimEnd().ShouldNotContain("\n");
        result.Error.ShouldNotContain(" at ");
    }

    [Fact]
    public async Task What_needs_a_champion_says_that_there_is_none()
    {
        await _site.DoneAsync("import", _site.Write("tickets.csv", SmallClassifier.Csv));

        (await _site.RunAsync("evaluate")).Error.ShouldContain("train one first");
        (await _site.RunAsync("rollback")).Code.ShouldBe(1);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();
}
