using System.Net;
using Shouldly;
using TicketAspire.Classifier;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Api;

public sealed class ClassifierTests(SharedSystem shared)
{
    /// <summary>A classifier of the test's own.</summary>
    private readonly string _name = "c" + Guid.NewGuid().ToString("N")[..20];

    [Fact]
    public async Task The_classifiers_are_listed_with_all_there_is_to_know_of_them()
    {
        var system = await shared.GetAsync();

        var all = await system.Api.Http.GetAsync("classifiers", ContractsJson.Default.IReadOnlyListClassifierSummary);

        var tickets = all.Single(classifier => classifier.Name == "tickets");
        tickets.Default.ShouldBeTrue();
        tickets.Label.ShouldBe(LabelKind.Category);
        tickets.Labels.ShouldBe(
            ["Access", "Administrative rights", "HR Support", "Hardware", "Internal Project", "Miscellaneous", "Purchase", "Storage"]);
        tickets.Dataset.Labels.Keys.Order(StringComparer.Ordinal).ShouldBe(tickets.Labels);
        tickets.Dataset.Labels.Values.Sum().ShouldBe(tickets.Dataset.Examples);
        tickets.AllowNewLabels.ShouldBeFalse();
        tickets.RetrainAfter.ShouldBe(1_000_000);
        tickets.Run.ShouldBeNull();
        var champion = tickets.Champion.ShouldNotBeNull();
        champion.State.ShouldBe(ModelState.Champion);
        champion.Version.ShouldBe(1);
        champion.PromotedBy.ShouldBe("retrainer");
        champion.Lineage.Dataset.ShouldBe(tickets.Dataset.Hash);
        champion.Metrics.Accuracy.ShouldBeInRange(0.5, 1);
        champion.Metrics.Classes.Count.ShouldBe(8);
        champion.Metrics.Confusion.Sum(row => row.Sum()).ShouldBe(champion.Metrics.Examples);
        all.Single(classifier => classifier.Name == "intents").Label.ShouldBe(LabelKind.Intent);
    }

    [Fact]
    public async Task Settings_are_replaced_as_a_whole_and_count_at_once()
    {
        var system = await shared.GetAsync();
        await system.ImportAsync(_name, SmallClassifier.Csv);

        var first = await PutSettingsAsync(system, """{"retrain_after":7,"threshold":0.5,"target_precision":0.9,"allow_new_labels":true}""");
        first.RetrainAfter.ShouldBe(7);
        first.AllowNewLabels.ShouldBeTrue();
        var second = await PutSettingsAsync(system, """{"retrain_after":8}""");

        second.RetrainAfter.ShouldBe(8);
        second.AllowNewLabels.ShouldBeFalse();
        using var settings = await system.Api.Http.GetAsync($"classifiers/{_name}/settings", HttpCalls.Cancellation);
        (await settings.Content.ReadAsStringAsync(HttpCalls.Cancellation)).ShouldBe("""{"retrain_after":8}""");
    }

    [Theory]
    [InlineData("""{"retrain_after":0}""")]
    [InlineData("""{"retrain_after":-1}""")]
    [InlineData("""{"retrain_after":1.5}""")]
    [InlineData("""{"retrain_after":"ten"}""")]
    [InlineData("""{"threshold":1.01}""")]
    [InlineData("""{"threshold":-0.01}""")]
    [InlineData("""{"threshold":"NaN"}""")]
    [InlineData("""{"target_precision":2}""")]
    [InlineData("""{"allow_new_labels":"yes"}""")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task Settings_that_make_no_sense_are_refused(string body)
    {
        var system = await shared.GetAsync();
        using var response = await system.Api.Http.PutAsync("classifiers/tickets/settings", HttpCalls.Json(body), HttpCalls.Cancellation);

        (await response.ErrorAsync(HttpStatusCode.BadRequest)).ShouldNotBeNullOrWhiteSpace();
        using var settings = await system.Api.Http.GetAsync("classifiers/tickets/settings", HttpCalls.Cancellation);
        (await settings.Content.ReadAsStringAsync(HttpCalls.Cancellation)).ShouldBe("{}");
    }

    [Fact]
    public async Task The_versions_are_listed_newest_first_and_one_serves()
    {
        var system = await shared.GetAsync();
        await system.ImportAsync(_name, SmallClassifier.Csv);
        await system.ImportAsync(_name, SmallClassifier.ExchangedCsv);

        var models = await system.Api.Http.GetAsync($"classifiers/{_name}/models", ContractsJson.Default.IReadOnlyListModelInfo);

        models.Select(model => (model.Version, model.State)).ShouldBe([(2, ModelState.Champion), (1, ModelState.Former)]);
        models[1].Reason.ShouldBe("The first model of this classifier");
        var one = await system.Api.Http.GetAsync($"classifiers/{_name}/models/1", ContractsJson.Default.ModelInfo);
        one.Checksum.ShouldBe(models[1].Checksum);
    }

    [Fact]
    public async Task A_version_is_rolled_back_to_by_a_person_and_serves()
    {
        var system = await shared.GetAsync();
        await system.ImportAsync(_name, SmallClassifier.Csv);
        await system.ImportAsync(_name, SmallClassifier.ExchangedCsv);

        using var response = await system.Api.Http.PostAsync(
            $"classifiers/{_name}/models/1/promote?by=Ann%20of%20IT", content: null, HttpCalls.Cancellation);

        var model = await response.ReadAsync(ContractsJson.Default.ModelInfo);
        model.State.ShouldBe(ModelState.Champion);
        model.PromotedBy.ShouldBe("Ann of IT");
        await system.ServesAsync(_name, 1);
        var answer = await system.Api.Http.PostAsync(
            $"classifiers/{_name}/predict", new { text = SmallClassifier.PrinterText }, ContractsJson.Default.PredictionResponse);
        answer.Model.ShouldBe(1);
        answer.Prediction.ShouldBe(SmallClassifier.Printer);
        (await system.Api.Http.GetAsync($"classifiers/{_name}/models/2", ContractsJson.Default.ModelInfo)).State.ShouldBe(ModelState.Former);
    }

    [Fact]
    public async Task A_model_file_is_downloaded_whole()
    {
        var system = await shared.GetAsync();
        var info = await system.Api.Http.GetAsync("classifiers/tickets/models/1", ContractsJson.Default.ModelInfo);
        using var response = await system.Api.Http.GetAsync("classifiers/tickets/models/1/file", HttpCalls.Cancellation);

        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/octet-stream");
        response.Content.Headers.ContentDisposition?.FileName.ShouldBe("tickets-1.model");
        var file = await response.Content.ReadAsByteArrayAsync(HttpCalls.Cancellation);
        file.LongLength.ShouldBe(info.Size);
        var model = ModelFile.Read(file);
        model.Labels.Count.ShouldBe(8);
        model.Predict("My laptop screen is broken, I need a new monitor").Label.ShouldBe("Hardware");
    }

    [Fact]
    public async Task A_run_is_asked_for_followed_and_listed()
    {
        var system = await shared.GetAsync();
        var import = await system.ImportAsync(_name, SmallClassifier.Csv);
        using var response = await system.Api.Http.PostAsync($"classifiers/{_name}/retrain", content: null, HttpCalls.Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var asked = await response.ReadAsync(ContractsJson.Default.RetrainingRun);
        asked.Trigger.ShouldBe(RunTrigger.Request);
        response.Headers.Location?.ToString().ShouldBe($"/classifiers/{_name}/runs/{asked.Id}");
        await system.EndOfRunAsync(asked.Id);
        var ended = await system.Api.Http.GetAsync($"classifiers/{_name}/runs/{asked.Id}", ContractsJson.Default.RetrainingRun);
        ended.State.ShouldBe(RunState.Promoted);
        ended.Progress.ShouldBe(1);
        ended.Model.ShouldBe(2);
        ended.Reason.ShouldNotBeNullOrWhiteSpace();
        var runs = await system.Api.Http.GetAsync($"classifiers/{_name}/runs", ContractsJson.Default.IReadOnlyListRetrainingRun);
        runs.Select(run => run.Id).ShouldBe([asked.Id, import.Run.Id]);
        (await system.Api.Http.GetAsync($"classifiers/{_name}/runs?limit=1", ContractsJson.Default.IReadOnlyListRetrainingRun))
            .ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_same_data_give_the_same_model_bytes()
    {
        var system = await shared.GetAsync();
        await system.ImportAsync(_name, SmallClassifier.Csv);
        var run = await system.Store<IRunStore>().RequestAsync(_name, RunTrigger.Request, HttpCalls.Cancellation);
        await system.EndOfRunAsync(run.Id);

        var models = await system.Api.Http.GetAsync($"classifiers/{_name}/models", ContractsJson.Default.IReadOnlyListModelInfo);

        models.Count.ShouldBe(2);
        models[0].Checksum.ShouldBe(models[1].Checksum);
    }

    [Theory]
    [InlineData("GET", "classifiers/nobody")]
    [InlineData("GET", "classifiers/nobody/settings")]
    [InlineData("PUT", "classifiers/nobody/settings")]
    [InlineData("GET", "classifiers/nobody/models")]
    [InlineData("GET", "classifiers/nobody/models/1")]
    [InlineData("GET", "classifiers/nobody/models/1/file")]
    [InlineData("POST", "classifiers/nobody/models/1/promote")]
    [InlineData("GET", "classifiers/nobody/runs")]
    [InlineData("GET", "classifiers/nobody/runs/1")]
    [InlineData("POST", "classifiers/nobody/retrain")]
    [InlineData("GET", "classifiers/nobody/feedback")]
    [InlineData("GET", "classifiers/tickets/models/99")]
    [InlineData("GET", "classifiers/tickets/models/99/file")]
    [InlineData("POST", "classifiers/tickets/models/99/promote")]
    [InlineData("GET", "classifiers/tickets/models/first")]
    [InlineData("GET", "classifiers/tickets/models/99999999999999")]
    [InlineData("GET", "classifiers/tickets/runs/99999")]
    public async Task What_is_not_there_is_not_found(string method, string path)
    {
        var system = await shared.GetAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "PUT" ? HttpCalls.Json("{}") : null };
        using var response = await system.Api.Http.SendAsync(request, HttpCalls.Cancellation);

        (await response.ErrorAsync(HttpStatusCode.NotFound)).ShouldNotBeNullOrWhiteSpace();
    }

    private async Task<ClassifierSummary> PutSettingsAsync(RunningSystem system, string body)
    {
        using var response = await system.Api.Http.PutAsync($"classifiers/{_name}/settings", HttpCalls.Json(body), HttpCalls.Cancellation);
        await response.ReadAsync(ContractsJson.Default.ClassifierSettings);
        return await system.Api.Http.GetAsync($"classifiers/{_name}", ContractsJson.Default.ClassifierSummary);
    }
}
