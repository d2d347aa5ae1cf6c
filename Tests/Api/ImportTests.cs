using System.Net;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Api;

public sealed class ImportTests(SharedSystem shared)
{
    /// <summary>A classifier of the test's own.</summary>
    private readonly string _name = "c" + Guid.NewGuid().ToString("N")[..20];

    [Fact]
    public async Task An_import_makes_a_new_classifier_that_is_trained_and_predicts()
    {
        var system = await shared.GetAsync();

        var import = await system.ImportAsync(_name, SmallClassifier.Csv);

        import.Classifier.ShouldBe(_name);
        import.Created.ShouldBeTrue();
        import.Rows.ShouldBe(36);
        import.Skipped.ShouldBe(0);
        import.Problems.ShouldBeEmpty();
        import.Dataset.Examples.ShouldBe(36);
        import.Dataset.Labels.ShouldBe(new Dictionary<string, int> { ["holiday"] = 12, ["network"] = 12, ["printer"] = 12 }, ignoreOrder: true);
        import.Run.Trigger.ShouldBe(RunTrigger.Import);
        foreach (var (text, label) in new[]
        {
            (SmallClassifier.PrinterText, SmallClassifier.Printer),
            (SmallClassifier.NetworkText, SmallClassifier.Network),
            (SmallClassifier.HolidayText, SmallClassifier.Holiday),
        })
        {
            var answer = await system.Api.Http.PostAsync($"classifiers/{_name}/predict", new { text }, ContractsJson.Default.PredictionResponse);
            answer.Prediction.ShouldBe(label);
            answer.Classifier.ShouldBe(_name);
        }
    }

    [Theory]
    [InlineData("Document,Topic_group", LabelKind.Category)]
    [InlineData("text,label", LabelKind.Category)]
    [InlineData("text,intent", LabelKind.Intent)]
    [InlineData("Description,Assignment Group", LabelKind.Category)]
    public async Task The_columns_are_known_by_their_usual_names(string header, LabelKind kind)
    {
        var system = await shared.GetAsync();
        await ImportedAsync(system, Rows(header, ','));

        var classifier = await system.Api.Http.GetAsync($"classifiers/{_name}", ContractsJson.Default.ClassifierSummary);
        classifier.Label.ShouldBe(kind);
        classifier.Labels.ShouldBe(["cold", "warm"]);
        (await ExamplesAsync(system)).ShouldContain(new Example("warm text 1", "warm"));
    }

    [Fact]
    public async Task Columns_of_other_names_are_named_in_the_query()
    {
        var system = await shared.GetAsync();
        await ImportedAsync(system, "number,was,ist\n1,warm text 1,warm\n2,cold text,cold\n", "?text_column=was&label_column=ist");

        (await ExamplesAsync(system)).ShouldBe([new Example("warm text 1", "warm"), new Example("cold text", "cold")]);
    }

    [Theory]
    [InlineData(';')]
    [InlineData('\t')]
    [InlineData(',')]
    public async Task Fields_are_separated_by_what_the_file_uses(char separator)
    {
        var system = await shared.GetAsync();
        await ImportedAsync(system, Rows($"text{separator}label", separator));

        (await ExamplesAsync(system)).Count.ShouldBe(8);
    }

    [Fact]
    public async Task Line_breaks_quotes_and_separators_inside_quotes_belong_to_the_text()
    {
        var system = await shared.GetAsync();
        await ImportedAsync(system, "text,label\r\n\"first line\r\nsecond, \"\"quoted\"\" line; end\",warm\r\ncold text,cold\r\n");

        (await ExamplesAsync(system)).ShouldBe(
            [new Example("first line\r\nsecond, \"quoted\" line; end", "warm"), new Example("cold text", "cold")]);
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_part_of_the_header()
    {
        var system = await shared.GetAsync();
        await ImportedAsync(system, "\uFEFFtext,label\nwarm text,warm\nGrüße aus der Kälte,cold\n");

        (await ExamplesAsync(system)).ShouldBe([new Example("warm text", "warm"), new Example("Grüße aus der Kälte", "cold")]);
    }

    [Fact]
    public async Task Rows_that_cannot_be_used_are_reported_with_their_line_and_left_out()
    {
        var system = await shared.GetAsync();
        var import = await ImportedAsync(
            system,
            "text,label\nwarm text,warm\n,warm\n\"two\nlines\",cold\nno label,\n???,cold\nonly one field\ncold text,cold\nwarm again,warm\nmore of it,warm\nwarmer,warm\n");

        import.Rows.ShouldBe(10);
        import.Skipped.ShouldBe(4);
        import.Dataset.Examples.ShouldBe(6);
        import.Problems.ShouldBe(
        [
            new RowProblem(3, "The text is empty"),
            new RowProblem(6, "The label is empty"),
            new RowProblem(7, "The text holds no word"),
            new RowProblem(8, "There are fewer fields than columns"),
        ]);
    }

    [Fact]
    public async Task Appending_keeps_what_was_there_and_replacing_does_not()
    {
        var system = await shared.GetAsync();
        await ImportedAsync(system, "text,label\nwarm text,warm\ncold text,cold\n");

        var appended = await ImportedAsync(system, "text,label\nwet text,wet\nwarmer text,warm\n", "?mode=append");
        appended.Created.ShouldBeFalse();
        appended.Rows.ShouldBe(2);
        (await ExamplesAsync(system)).Select(example => example.Text).ShouldBe(["warm text", "cold text", "wet text", "warmer text"]);

        await ImportedAsync(system, "text,label\nwet text,wet\nwarmer text,warm\n", "?mode=replace");
        (await ExamplesAsync(system)).Select(example => example.Text).ShouldBe(["wet text", "warmer text"]);
    }

    [Fact]
    public async Task A_file_comes_in_a_form_too_as_pages_send_it()
    {
        var system = await shared.GetAsync();
        using var form = new MultipartFormDataContent { { HttpCalls.Csv(Rows("text,label", ',')), "file", "export.csv" } };
        using var response = await system.Api.Http.PostAsync($"classifiers/{_name}/dataset", form, HttpCalls.Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await response.ReadAsync(ContractsJson.Default.ImportResponse)).Rows.ShouldBe(8);
    }

    [Fact]
    public async Task The_answer_says_where_the_run_can_be_followed()
    {
        var system = await shared.GetAsync();
        using var response = await system.Api.Http.PostAsync(
            $"classifiers/{_name}/dataset", HttpCalls.Csv(SmallClassifier.Csv), HttpCalls.Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        using var run = await system.Api.Http.GetAsync(response.Headers.Location, HttpCalls.Cancellation);
        (await run.ReadAsync(ContractsJson.Default.RetrainingRun)).Classifier.ShouldBe(_name);
    }

    [Fact]
    public async Task The_same_file_twice_is_the_same_data_set()
    {
        var system = await shared.GetAsync();
        var first = await system.ImportAsync(_name, SmallClassifier.Csv);
        var second = await system.ImportAsync(_name, SmallClassifier.Csv);

        second.Created.ShouldBeFalse();
        second.Dataset.Hash.ShouldBe(first.Dataset.Hash);
    }

    private static string Rows(string header, char separator) =>
        string.Concat([header, "\n", .. Enumerable.Range(0, 4).Select(i => $"warm text {i}{separator}warm\ncold text {i}{separator}cold\n")]);

    private async Task<ImportResponse> ImportedAsync(RunningSystem system, string csv, string query = "")
    {
        using var response = await system.Api.Http.PostAsync(
            $"classifiers/{_name}/dataset{query}", HttpCalls.Csv(csv), HttpCalls.Cancellation);
        return await response.ReadAsync(ContractsJson.Default.ImportResponse);
    }

    private async Task<IReadOnlyList<Example>> ExamplesAsync(RunningSystem system)
    {
        var classifier = await system.Store<IClassifierStore>().FindAsync(_name, HttpCalls.Cancellation);
        return await system.Store<IDatasetStore>().ReadAsync(classifier!.Dataset, HttpCalls.Cancellation);
    }
}
