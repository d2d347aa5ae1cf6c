using System.Net;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Api;

/// <summary>What an import would bring, how far it is, and what is given back.</summary>
public sealed class DatasetTests(SharedSystem shared)
{
    private const string Rows =
        "Text,Category\nwarm text,warm\ncold text,cold\nwarm text,warm\nwarm text ,cold\ncold text,cold\n,cold\nwet text,wet\n";

    /// <summary>A classifier of the test's own.</summary>
    private readonly string _name = "c" + Guid.NewGuid().ToString("N")[..20];

    [Fact]
    public async Task A_preview_says_what_an_import_would_bring_and_keeps_nothing()
    {
        var system = await shared.GetAsync();

        var preview = await PreviewAsync(system, Rows);

        (preview.Classifier, preview.New, preview.TextColumn, preview.LabelColumn).ShouldBe((_name, true, "Text", "Category"));
        (preview.Rows, preview.Skipped, preview.Duplicates, preview.Contradictions).ShouldBe((7, 1, 2, 1));
        preview.Labels.ShouldBe(new Dictionary<string, int> { ["cold"] = 3, ["warm"] = 2, ["wet"] = 1 }, ignoreOrder: true);
        preview.Problems.ShouldBe([new RowProblem(7, "The text is empty")]);
        var contradiction = preview.Contradicting.ShouldHaveSingleItem();
        contradiction.Text.Trim().ShouldBe("warm text");
        contradiction.Labels.ShouldBe(new Dictionary<string, int> { ["cold"] = 1, ["warm"] = 2 }, ignoreOrder: true);
        using var none = await system.Api.Http.GetAsync($"classifiers/{_name}", HttpCalls.Cancellation);
        none.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_preview_for_a_classifier_that_exists_names_new_and_lost_labels()
    {
        var system = await shared.GetAsync();
        await ImportAsync(system, "text,label\nwarm text,warm\ndry text,dry\n");

        var replaced = await PreviewAsync(system, Rows);
        var appended = await PreviewAsync(system, Rows, "?mode=append");

        (replaced.New, appended.New).ShouldBe((false, false));
        replaced.NewLabels.ShouldBe(["cold", "wet"]);
        replaced.LostLabels.ShouldBe(["dry"]);
        appended.NewLabels.ShouldBe(["cold", "wet"]);
        appended.LostLabels.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", "The file is empty")]
    [InlineData("text,label\na,b\n", "All rows have the same label")]
    public async Task A_preview_refuses_what_an_import_refuses(string csv, string error)
    {
        var system = await shared.GetAsync();
        using var response = await system.Api.Http.PostAsync($"classifiers/{_name}/dataset/preview", HttpCalls.Csv(csv), HttpCalls.Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.JsonAsync()).GetProperty("error").GetString()!.ShouldStartWith(error);
    }

    [Fact]
    public async Task An_import_tells_how_far_it_is_and_what_is_in_it()
    {
        var system = await shared.GetAsync();
        await using var listener = await EventListener.OpenAsync(system.Api.Http);

        var import = await ImportAsync(system, Rows);

        (import.Duplicates, import.Contradictions).ShouldBe((2, 1));
        var progress = (await listener.NextAsync(change => change.Import is { Rows: 7 } && change.Classifier == _name)).Message;
        progress.Type.ShouldBe(EventTypes.Import);
        progress.Import!.Skipped.ShouldBe(1);
        progress.Import.Labels.ShouldBe(new Dictionary<string, int> { ["cold"] = 3, ["warm"] = 2, ["wet"] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public async Task What_was_imported_comes_back_with_the_feedback_and_can_be_imported_again()
    {
        var system = await shared.GetAsync();
        await ImportAsync(system, "text,label\n\"a \"\"quoted\"\", long\nwarm text\",warm\ncold text,cold\n");
        await GiveFeedbackAsync(system, "cold text", "warm");
        await GiveFeedbackAsync(system, "frost, again", "warm");
        await GiveFeedbackAsync(system, "frost, again", "cold");

        (await ExportAsync(system)).ShouldBe(
            "text,label,source\r\n\"a \"\"quoted\"\", long\nwarm text\",warm,dataset\r\ncold text,warm,feedback\r\n\"frost, again\",cold,feedback\r\n");
        (await ExportAsync(system, "?feedback=false")).ShouldBe(
            "text,label,source\r\n\"a \"\"quoted\"\", long\nwarm text\",warm,dataset\r\ncold text,cold,dataset\r\n");
        var again = await ImportAsync(system, await ExportAsync(system));
        (again.Rows, again.Skipped).ShouldBe((3, 0));
    }

    private Task<string> ExportAsync(RunningSystem system, string query = "") =>
        system.Api.Http.GetStringAsync($"classifiers/{_name}/dataset{query}", HttpCalls.Cancellation);

    private Task<FeedbackResponse> GiveFeedbackAsync(RunningSystem system, string text, string label) => system.Api.Http.PostAsync(
        $"classifiers/{_name}/feedback", new { text, true_label = label }, ContractsJson.Default.FeedbackResponse);

    private async Task<ImportPreview> PreviewAsync(RunningSystem system, string csv, string query = "")
    {
        using var response = await system.Api.Http.PostAsync(
            $"classifiers/{_name}/dataset/preview{query}", HttpCalls.Csv(csv), HttpCalls.Cancellation);
        return await response.ReadAsync(ContractsJson.Default.ImportPreview);
    }

    private async Task<ImportResponse> ImportAsync(RunningSystem system, string csv)
    {
        using var response = await system.Api.Http.PostAsync($"classifiers/{_name}/dataset", HttpCalls.Csv(csv), HttpCalls.Cancellation);
        return await response.ReadAsync(ContractsJson.Default.ImportResponse);
    }
}
