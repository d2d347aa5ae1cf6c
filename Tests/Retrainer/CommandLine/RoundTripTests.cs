using Shouldly;
using TicketAspire.Classifier;
using TicketAspire.Contracts;
using TicketAspire.Retrainer.CommandLine;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Retrainer.CommandLine;

public sealed class RoundTripTests : IAsyncDisposable
{
    private readonly CommandLineSite _site = new();

    [Fact]
    public async Task A_csv_becomes_a_model_that_is_measured_promoted_and_rolled_back_and_comes_out_again()
    {
        var csv = _site.Write("tickets.csv", SmallClassifier.Csv);

        var imported = await _site.JsonAsync(ContractsJson.Default.ImportResponse, "import", csv);
        imported.Classifier.ShouldBe("tickets");
        imported.Created.ShouldBeTrue();
        imported.Rows.ShouldBe(SmallClassifier.Examples.Count);
        imported.Run.State.ShouldBe(RunState.Queued);

        var first = await _site.JsonAsync(CommandJson.Default.TrainingOutcome, "train", "--threads", "1");
        first.Run.Id.ShouldBe(imported.Run.Id);
        first.Run.State.ShouldBe(RunState.Promoted);
        first.Model!.State.ShouldBe(ModelState.Champion);
        (await _site.JsonAsync(CommandJson.Default.TrainingOutcome, "train", "--level", "quick")).Model!.Version.ShouldBe(2);

        var metrics = await _site.JsonAsync(ContractsJson.Default.ModelMetrics, "evaluate", "--file", csv);
        metrics.Accuracy.ShouldBe(1);
        metrics.Examples.ShouldBe(SmallClassifier.Examples.Count);
        (await _site.JsonAsync(ContractsJson.Default.ModelMetrics, "evaluate", "--model", "1")).Examples.ShouldBeGreaterThan(0);

        (await _site.JsonAsync(ContractsJson.Default.ModelInfo, "promote", "1", "--by", "anna")).PromotedBy.ShouldBe("anna");
        var models = await _site.JsonAsync(ContractsJson.Default.IReadOnlyListModelInfo, "models");
        models.Select(model => (model.Version, model.State)).ShouldBe([(2, ModelState.Former), (1, ModelState.Champion)]);
        (await _site.JsonAsync(ContractsJson.Default.ModelInfo, "rollback", "--by", "anna")).Version.ShouldBe(2);
        var compared = await _site.JsonAsync(ContractsJson.Default.ModelComparison, "models", "compare", "1", "2");
        (compared.First, compared.Second).ShouldBe((1, 2));

        var runs = await _site.JsonAsync(ContractsJson.Default.IReadOnlyListRetrainingRun, "runs", "--limit", "1");
        runs.ShouldHaveSingleItem().Model.ShouldBe(2);

        var exported = await _site.DoneAsync("export");
        exported.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1 + SmallClassifier.Examples.Count);
        var again = await _site.JsonAsync(
            ContractsJson.Default.ImportResponse, "import", _site.Write("exported.csv", exported.Output), "-c", "again");
        again.Dataset.Hash.ShouldBe(imported.Dataset.Hash);
    }

    [Fact]
    public async Task Without_json_the_results_are_tables_for_people()
    {
        var csv = _site.Write("tickets.csv", SmallClassifier.Csv);

        var imported = await _site.DoneAsync("import", csv, "--train");
        imported.Output.ShouldContain("printer");
        imported.Output.ShouldContain("outcome            tickets 1 promoted");
        imported.Output.ShouldContain("calibration error");

        var models = await _site.DoneAsync("models");
        models.Output.ShouldContain("champion");
        models.Output.ShouldContain("thorough");
        models.Error.ShouldBeEmpty();
        (await _site.DoneAsync("evaluate")).Output.ShouldContain("precision");
        (await _site.DoneAsync("runs")).Output.ShouldContain("import");
        (await _site.DoneAsync("models", "compare", "1", "1")).Output.ShouldContain("McNemar");
        (await _site.DoneAsync("promote", "1")).Output.ShouldStartWith("Version 1 of tickets serves now");
    }

    [Fact]
    public async Task An_import_that_trains_tells_the_run_as_it_ended()
    {
        var imported = await _site.JsonAsync(
            ContractsJson.Default.ImportResponse, "import", _site.Write("tickets.csv", SmallClassifier.Csv), "--train");

        imported.Run.State.ShouldBe(RunState.Promoted);
        imported.Run.Model.ShouldBe(1);
    }

    [Fact]
    public async Task Feedback_is_exported_unless_it_is_not_wanted()
    {
        await _site.DoneAsync("import", _site.Write("tickets.csv", SmallClassifier.Csv));
        await _site.Stores.Feedback.AddAsync(
            new FeedbackEntry { Id = 0, Classifier = "tickets", Text = "badge reader blinks", Label = SmallClassifier.Network, At = DateTimeOffset.UnixEpoch },
            idempotencyKey: null,
            TestContext.Current.CancellationToken);

        (await _site.DoneAsync("export")).Output.ShouldContain("badge reader blinks,network,feedback");
        (await _site.DoneAsync("export", "--no-feedback")).Output.ShouldNotContain("badge reader");
        var written = await _site.JsonAsync(CommandJson.Default.WrittenFile, "export", "-o", _site.Place("out.csv"));
        written.Rows.ShouldBe(SmallClassifier.Examples.Count + 1);
        written.Bytes.ShouldBe(new FileInfo(_site.Place("out.csv")).Length);
    }

    [Fact]
    public async Task A_version_is_downloaded_and_deleted_unless_it_serves()
    {
        await _site.DoneAsync("import", _site.Write("tickets.csv", SmallClassifier.Csv), "--train");
        await _site.DoneAsync("train", "--level", "quick");

        await _site.DoneAsync("models", "download", "1", "-o", _site.Place("first.model"));
        ModelFile.Read(await File.ReadAllBytesAsync(_site.Place("first.model"), TestContext.Current.CancellationToken))
            .Predict(SmallClassifier.PrinterText).Label.ShouldBe(SmallClassifier.Printer);

        var serving = await _site.RunAsync("models", "delete", "2");
        serving.Code.ShouldBe(1);
        serving.Error.ShouldContain("in service");
        (await _site.JsonAsync(CommandJson.Default.DeletedModels, "models", "prune", "--keep", "5")).Deleted.ShouldBeEmpty();
        (await _site.JsonAsync(CommandJson.Default.DeletedModels, "models", "delete", "1")).Deleted.ShouldBe([1]);
        (await _site.RunAsync("promote", "1")).Error.ShouldContain("there is 2");
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();
}
