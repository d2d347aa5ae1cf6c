using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Retrainer.CommandLine;

public sealed class ImportCommandTests : IAsyncDisposable
{
    private readonly CommandLineSite _site = new();

    [Fact]
    public async Task A_preview_keeps_nothing_not_even_a_store()
    {
        var preview = await _site.JsonAsync(
            ContractsJson.Default.ImportPreview, "import", _site.Write("tickets.csv", SmallClassifier.Csv), "--preview");

        preview.New.ShouldBeTrue();
        preview.Labels[SmallClassifier.Printer].ShouldBe(12);
        preview.TextColumn.ShouldBe("text");
        File.Exists(_site.Store).ShouldBeFalse();
    }

    [Fact]
    public async Task A_preview_names_the_labels_that_come_and_go()
    {
        await _site.DoneAsync("import", _site.Write("tickets.csv", SmallClassifier.Csv));
        var other = _site.Write("other.csv", "text,label\npaper jam,printer\nsandwiches,catering\n");

        var replaced = await _site.JsonAsync(ContractsJson.Default.ImportPreview, "import", other, "--preview");
        var appended = await _site.JsonAsync(ContractsJson.Default.ImportPreview, "import", other, "--preview", "--append");

        replaced.New.ShouldBeFalse();
        replaced.NewLabels.ShouldBe(["catering"]);
        replaced.LostLabels.ShouldBe([SmallClassifier.Holiday, SmallClassifier.Network]);
        appended.LostLabels.ShouldBeEmpty();
        (await _site.JsonAsync(ContractsJson.Default.IReadOnlyListRetrainingRun, "runs")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Appended_examples_stand_behind_the_present_ones()
    {
        await _site.DoneAsync("import", _site.Write("tickets.csv", SmallClassifier.Csv), "-c", "desk");
        var more = _site.Write("more.csv", "text,label\nsandwiches,catering\ncoffee,catering\npaper jam,printer\n");

        var appended = await _site.JsonAsync(ContractsJson.Default.ImportResponse, "import", more, "-c", "desk", "--append");

        appended.Created.ShouldBeFalse();
        appended.Rows.ShouldBe(3);
        appended.Dataset.Examples.ShouldBe(SmallClassifier.Examples.Count + 3);
        appended.Dataset.Labels["catering"].ShouldBe(2);
    }

    [Fact]
    public async Task Rows_that_are_left_out_are_told_with_their_lines()
    {
        var csv = _site.Write("tickets.csv", SmallClassifier.Csv + "\"\",printer\n\"toner, again\",printer\n\"toner, again\",printer\n\"toner, again\",network\n");

        var imported = await _site.DoneAsync("import", csv);

        imported.Output.ShouldContain("skipped         1");
        imported.Output.ShouldContain("duplicates      1");
        imported.Output.ShouldContain("contradictions  1");
        imported.Output.ShouldMatch(@"\b38 The text is empty");
        imported.Error.ShouldContain("Run 1 is queued");
    }

    [Fact]
    public async Task Columns_of_other_names_are_named()
    {
        var csv = _site.Write("tickets.csv", "words,goes to\npaper jam,printer\nrouter,network\n");

        var refused = await _site.RunAsync("import", csv);
        var imported = await _site.JsonAsync(
            ContractsJson.Default.ImportResponse, "import", csv, "--text-column", "words", "--label-column", "goes to");

        refused.Code.ShouldBe(1);
        refused.Error.ShouldContain("--text-column");
        imported.Dataset.Examples.ShouldBe(2);
    }

    [Theory]
    [InlineData("text,label\n", "no rows")]
    [InlineData("text,label\none,a\nanother,a\n", "same label")]
    public async Task A_file_that_cannot_be_used_is_refused_in_one_line_and_leaves_nothing(string csv, string why)
    {
        var refused = await _site.RunAsync("import", _site.Write("bad.csv", csv));

        refused.Code.ShouldBe(1);
        refused.Output.ShouldBeEmpty();
        refused.Error.TrimEnd().ShouldContain(why);
        refused.Error.TrimEnd().ShouldNotContain("\n");
        File.Exists(_site.Store).ShouldBeFalse();
    }

    [Fact]
    public async Task A_missing_file_and_an_impossible_name_are_told()
    {
        (await _site.RunAsync("import", _site.Place("none.csv"))).Error.ShouldContain("none.csv");
        var named = await _site.RunAsync("import", _site.Write("tickets.csv", SmallClassifier.Csv), "-c", "Not A Name");
        named.Code.ShouldBe(1);
        named.Error.ShouldContain("lower-case letters");
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();
}
