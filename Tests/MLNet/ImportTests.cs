using System.Net;
using Microsoft.ML;
using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Tests.Retrainer.CommandLine;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.MLNet;

/// <summary>A text classifier that a user trained with ML.NET alone.</summary>
[Collection("ML.NET")]
public sealed class ImportTests : IAsyncLifetime
{
    private RunningSystem _system = null!;

    public async ValueTask InitializeAsync() => _system = await RunningSystem.StartSmallAsync("tickets");

    public ValueTask DisposeAsync() => _system.DisposeAsync();

    [Fact]
    public async Task It_is_measured_kept_and_served_once_a_person_promotes_it()
    {
        var model = await ImportAsync(Zip(SmallClassifier.Examples));

        (model.Version, model.State, model.Lineage.Engine).ShouldBe((2, ModelState.Imported, "mlnet"));
        model.Metrics.Examples.ShouldBeGreaterThan(0);
        // A handful of hold-out tickets measures no threshold.
        model.Metrics.Threshold.ShouldBeGreaterThan(1);
        model.Reason.ShouldContain("too few");
        (await _system.Store<IClassifierStore>().FindAsync("tickets", HttpCalls.Cancellation))!.Champion.ShouldBe(1);

        await _system.Store<IModelStore>().PromoteAsync("tickets", 2, "someone", HttpCalls.Cancellation);
        await _system.ServesAsync("tickets", 2);
        var answer = await _system.Inference.Http.PostAsync(
            "predict", new { text = SmallClassifier.PrinterText }, ContractsJson.Default.PredictionResponse);
        (answer.Model, answer.Prediction).ShouldBe((2, SmallClassifier.Printer));
        answer.Explanation.ShouldNotBeEmpty();
        (answer.Confidence + answer.Alternatives.Sum(alternative => alternative.Confidence)).ShouldBe(1, 0.01);
    }

    [Fact]
    public async Task The_command_line_imports_it_too()
    {
        await using var site = new CommandLineSite();
        await site.DoneAsync("import", site.Write("tickets.csv", SmallClassifier.Csv));
        var zip = site.Place("own.zip");
        await File.WriteAllBytesAsync(zip, Zip(SmallClassifier.Examples), HttpCalls.Cancellation);

        var model = await site.JsonAsync(ContractsJson.Default.ModelInfo, "models", "import", zip, "--text-column", "Description");

        model.State.ShouldBe(ModelState.Imported);
        (await site.DoneAsync("models")).Output.ShouldContain("mlnet");
        (await site.DoneAsync("evaluate", "--model", "1")).Output.ShouldContain("accuracy");
        (await site.RunAsync("models", "import", site.Write("no.zip", "none"))).Error.ShouldContain("not a zip that can be used");
    }

    [Fact]
    public async Task The_text_column_may_be_named()
    {
        (await ImportAsync(Zip(SmallClassifier.Examples), "?text_column=Description")).Version.ShouldBe(2);

        await RefusedAsync(Zip(SmallClassifier.Examples), "'Nothing'", "?text_column=Nothing");
    }

    [Fact]
    public async Task What_is_no_model_is_refused_and_changes_nothing()
    {
        var zip = Zip(SmallClassifier.Examples);

        await RefusedAsync([1, 2, 3], "not a zip that can be used");
        await RefusedAsync(zip[..(zip.Length / 2)], "not a zip that can be used");
        var damaged = zip.ToArray();
        damaged.AsSpan(damaged.Length / 3, 64).Fill(0x55);
        await RefusedAsync(damaged, "not a zip that can be used");
    }

    [Fact]
    public Task Labels_that_the_classifier_has_not_are_refused() =>
        RefusedAsync(Zip(SmallClassifier.Examples.Select(example => example with { Label = "other " + example.Label })), "'other ");

    [Fact]
    public async Task A_model_that_classifies_no_text_is_refused()
    {
        var context = new MLContext(1);
        var data = context.Data.LoadFromEnumerable(SmallClassifier.Examples.Select(example => new Ticket { Category = example.Label, Description = example.Text }));
        await RefusedAsync(Save(context, context.Transforms.Text.FeaturizeText("Features", nameof(Ticket.Description)).Fit(data), data), "no text classifier");
    }

    [Fact]
    public async Task An_unknown_classifier_is_not_found()
    {
        using var response = await PostAsync("nothing", Zip(SmallClassifier.Examples), string.Empty);

        await response.ErrorAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_damaged_data_set_is_not_the_models_fault()
    {
        await using (var connection = _system.Connect())
        {
            await using var damage = connection.CreateCommand();
            damage.CommandText = "UPDATE datasets SET content = x'00'";
            await damage.ExecuteNonQueryAsync(HttpCalls.Cancellation);
        }

        using var response = await PostAsync("tickets", Zip(SmallClassifier.Examples), string.Empty);

        (await response.ErrorAsync(HttpStatusCode.Conflict)).ShouldStartWith("The model cannot be measured");
        (await _system.Store<IModelStore>().ListAsync("tickets", HttpCalls.Cancellation)).Count.ShouldBe(1);
    }

    private static byte[] Zip(IEnumerable<Example> examples)
    {
        var context = new MLContext(1);
        var data = context.Data.LoadFromEnumerable(examples.Select(example => new Ticket { Category = example.Label, Description = example.Text }));
        var pipeline = context.Transforms.Conversion.MapValueToKey("Label", nameof(Ticket.Category))
            .Append(context.Transforms.Text.FeaturizeText("Features", nameof(Ticket.Description)))
            .Append(context.MulticlassClassification.Trainers.SdcaMaximumEntropy())
            .Append(context.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        return Save(context, pipeline.Fit(data), data);
    }

    private static byte[] Save(MLContext context, ITransformer model, IDataView data)
    {
        using var file = new MemoryStream();
        context.Model.Save(model, data.Schema, file);
        return file.ToArray();
    }

    private async Task RefusedAsync(byte[] file, string why, string query = "")
    {
        using var response = await PostAsync("tickets", file, query);
        (await response.ErrorAsync(HttpStatusCode.BadRequest)).ShouldContain(why);
        (await _system.Store<IModelStore>().ListAsync("tickets", HttpCalls.Cancellation)).Count.ShouldBe(query.Length > 0 ? 2 : 1);
    }

    private async Task<ModelInfo> ImportAsync(byte[] file, string query = "")
    {
        using var response = await PostAsync("tickets", file, query);
        return await response.ReadAsync(ContractsJson.Default.ModelInfo);
    }

    private async Task<HttpResponseMessage> PostAsync(string classifier, byte[] file, string query)
    {
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/zip");
        return await _system.Api.Http.PostAsync($"classifiers/{classifier}/models{query}", content, HttpCalls.Cancellation);
    }

    private sealed class Ticket
    {
        public string Category { get; set; } = string.Empty;

        public string Description { get; set; } = string.Empty;
    }
}
