using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Shouldly;
using TicketAspire.Contracts;
using Xunit;

namespace TicketAspire.Tests.Contracts;

/// <summary>The messages byte for byte: other programs read and write them, so a change here breaks somebody.</summary>
public sealed class WireFormatTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 4, 5, 6, 7, 890, TimeSpan.Zero);

    private static readonly RetrainingRun Run = new()
    {
        Id = 7,
        Classifier = "tickets",
        Trigger = RunTrigger.Feedback,
        State = RunState.Running,
        Stage = RunStage.Calibrating,
        Progress = 0.25,
        RequestedAt = At,
        StartedAt = At,
    };

    private static readonly ModelInfo Model = new()
    {
        Classifier = "tickets",
        Version = 3,
        State = ModelState.Former,
        CreatedAt = At,
        Run = 7,
        Lineage = new ModelLineage("abc", 41, "linear/1 epochs=8 folds=4", 1, 1000),
        Size = 12345,
        Checksum = "def",
        Metrics = new ModelMetrics
        {
            Examples = 20,
            Accuracy = 0.9,
            MacroF1 = 0.85,
            CalibrationError = 0.03,
            Threshold = 0.6,
            TargetPrecision = 0.95,
            Coverage = 0.7,
            Precision = 0.96,
            Classes = [new ClassMetrics("Access", 0.9, 0.8, 0.85, 10), new ClassMetrics("Hardware", 0.9, 1, 0.95, 10)],
            Confusion = [[8, 2], [0, 10]],
        },
        Reason = "better",
        PromotedBy = "retrainer",
        PromotedAt = At,
    };

    [Fact]
    public void A_prediction_of_a_category() => Check(
        new PredictionResponse
        {
            Prediction = "Hardware",
            Confidence = 0.875,
            Route = Routes.Auto,
            Alternatives = [new Alternative("Access", 0.125)],
            Explanation = [new ExplainedTerm("laptop", 3, 6, 1.5)],
            Classifier = "tickets",
            Model = 4,
            Id = "0190",
        },
        ContractsJson.Default.PredictionResponse,
        """{"prediction":"Hardware","confidence":0.875,"route":"auto","alternatives":[{"label":"Access","confidence":0.125}],"explanation":[{"term":"laptop","start":3,"length":6,"weight":1.5}],"classifier":"tickets","model":4,"id":"0190"}""");

    [Fact]
    public void A_prediction_of_an_intent() => Check(
        new PredictionResponse
        {
            Prediction = "greeting",
            Intent = "greeting",
            Confidence = 1,
            Route = Routes.Review,
            Alternatives = [],
            Explanation = [],
            Classifier = "intents",
            Model = 1,
        },
        ContractsJson.Default.PredictionResponse,
        """{"prediction":"greeting","intent":"greeting","confidence":1,"route":"review","alternatives":[],"explanation":[],"classifier":"intents","model":1}""");

    [Fact]
    public void A_text_to_classify() => Check(new PredictRequest("a"), ContractsJson.Default.PredictRequest, """{"text":"a"}""");

    [Fact]
    public void A_place_in_a_batch_that_could_not_be_classified() =>
        Check(new BatchError("No text provided"), ContractsJson.Default.BatchError, """{"error":"No text provided"}""");

    [Fact]
    public void Feedback_by_ticket() => Check(
        new FeedbackRequest { TicketId = "0190", Right = true, Who = "Ann" },
        ContractsJson.Default.FeedbackRequest,
        """{"ticket_id":"0190","right":true,"who":"Ann"}""");

    [Fact]
    public void Feedback_by_text() => Check(
        new FeedbackRequest { Text = "a", Prediction = "Access", TrueLabel = "Hardware" },
        ContractsJson.Default.FeedbackRequest,
        """{"text":"a","prediction":"Access","true_label":"Hardware"}""");

    [Fact]
    public void An_acknowledgement_of_feedback() => Check(
        new FeedbackResponse("Feedback saved!", 12, "Hardware", false, 3, 10),
        ContractsJson.Default.FeedbackResponse,
        """{"message":"Feedback saved!","id":12,"label":"Hardware","agreed":false,"unseen":3,"retrain_after":10}""");

    [Fact]
    public void An_acknowledgement_of_feedback_on_no_prediction() => Check(
        new FeedbackResponse("Feedback saved!", 12, "Hardware", null, 3, 10),
        ContractsJson.Default.FeedbackResponse,
        """{"message":"Feedback saved!","id":12,"label":"Hardware","unseen":3,"retrain_after":10}""");

    [Fact]
    public void A_page_of_feedback()
    {
        var entry = new FeedbackEntry { Id = 12, Classifier = "tickets", Text = "a", Prediction = "Access", Label = "Access", At = At };

        JsonSerializer.Serialize(new Page<FeedbackEntry>([entry], "12"), ContractsJson.Default.PageFeedbackEntry).ShouldBe(
            """{"items":[{"id":12,"classifier":"tickets","text":"a","prediction":"Access","label":"Access","agreed":true,"at":"2026-03-04T05:06:07.89+00:00"}],"next":"12"}""");
    }

    [Fact]
    public void A_page_of_tickets_that_is_the_last() => Check(
        new Page<Ticket>(
            [
                new Ticket
                {
                    Id = "0190", Classifier = "tickets", Text = "a", Prediction = "Access", Confidence = 0.5, Route = Routes.Review, Model = 1,
                    At = At, Label = "Hardware",
                },
            ],
            null),
        ContractsJson.Default.PageTicket,
        """{"items":[{"id":"0190","classifier":"tickets","text":"a","prediction":"Access","confidence":0.5,"route":"review","model":1,"at":"2026-03-04T05:06:07.89+00:00","label":"Hardware"}]}""");

    [Fact]
    public void Settings_that_are_not_set() => Check(new ClassifierSettings(), ContractsJson.Default.ClassifierSettings, "{}");

    [Fact]
    public void Settings_that_are_set() => Check(
        new ClassifierSettings { AllowNewLabels = false, RetrainAfter = 5, Threshold = 0.5, TargetPrecision = 0.99 },
        ContractsJson.Default.ClassifierSettings,
        """{"allow_new_labels":false,"retrain_after":5,"threshold":0.5,"target_precision":0.99}""");

    [Fact]
    public void A_run() => Check(
        Run,
        ContractsJson.Default.RetrainingRun,
        """{"id":7,"classifier":"tickets","trigger":"feedback","state":"running","stage":"calibrating","progress":0.25,"attempt":1,"requested_at":"2026-03-04T05:06:07.89+00:00","started_at":"2026-03-04T05:06:07.89+00:00"}""");

    [Fact]
    public void A_model() => Check(
        Model,
        ContractsJson.Default.ModelInfo,
        """{"classifier":"tickets","version":3,"state":"former","created_at":"2026-03-04T05:06:07.89+00:00","run":7,"lineage":{"dataset":"abc","feedback_mark":41,"settings":"linear/1 epochs=8 folds=4","seed":1,"examples":1000,"engine":"own"},"size":12345,"checksum":"def","metrics":{"examples":20,"accuracy":0.9,"macro_f1":0.85,"calibration_error":0.03,"threshold":0.6,"target_precision":0.95,"coverage":0.7,"precision":0.96,"classes":[{"label":"Access","precision":0.9,"recall":0.8,"f1":0.85,"support":10},{"label":"Hardware","precision":0.9,"recall":1,"f1":0.95,"support":10}],"confusion":[[8,2],[0,10]]},"reason":"better","promoted_by":"retrainer","promoted_at":"2026-03-04T05:06:07.89+00:00"}""");

    [Fact]
    public void A_classifier_before_its_first_training() => Check(
        new ClassifierSummary
        {
            Name = "intents",
            Label = LabelKind.Intent,
            Default = false,
            Labels = ["greeting", "thanks"],
            Dataset = new DatasetInfo("abc", 3, new SortedDictionary<string, int>(StringComparer.Ordinal) { ["greeting"] = 1, ["thanks"] = 2 }, At),
            Feedback = 4,
            Unseen = 2,
            RetrainAfter = 10,
            AllowNewLabels = false,
        },
        ContractsJson.Default.ClassifierSummary,
        """{"name":"intents","label":"intent","default":false,"labels":["greeting","thanks"],"dataset":{"hash":"abc","examples":3,"labels":{"greeting":1,"thanks":2},"created_at":"2026-03-04T05:06:07.89+00:00"},"feedback":4,"unseen":2,"retrain_after":10,"allow_new_labels":false}""");

    [Fact]
    public void The_classifiers_in_service() => Check<IReadOnlyList<ServedClassifier>>(
        [new ServedClassifier("tickets", LabelKind.Category, 2, ["Access"], 0.75, true)],
        ContractsJson.Default.IReadOnlyListServedClassifier,
        """[{"name":"tickets","label":"category","model":2,"labels":["Access"],"threshold":0.75,"default":true}]""");

    [Fact]
    public void An_import() => Check(
        new ImportResponse(
            "desk", true, new DatasetInfo("abc", 1, new Dictionary<string, int>(StringComparer.Ordinal) { ["Access"] = 1 }, At), 2, 1,
            [new RowProblem(3, "The text is empty")], 4, 5, Run with { State = RunState.Queued, Trigger = RunTrigger.Import, Stage = null, StartedAt = null, Progress = 0 }),
        ContractsJson.Default.ImportResponse,
        """{"classifier":"desk","created":true,"dataset":{"hash":"abc","examples":1,"labels":{"Access":1},"created_at":"2026-03-04T05:06:07.89+00:00"},"rows":2,"skipped":1,"problems":[{"line":3,"problem":"The text is empty"}],"duplicates":4,"contradictions":5,"run":{"id":7,"classifier":"tickets","trigger":"import","state":"queued","progress":0,"attempt":1,"requested_at":"2026-03-04T05:06:07.89+00:00"}}""");

    [Fact]
    public void An_event_of_feedback() => Check(
        new ServiceEvent { Id = 9, Type = EventTypes.Feedback, Classifier = "tickets", At = At, Unseen = 3 },
        ContractsJson.Default.ServiceEvent,
        """{"id":9,"type":"feedback","classifier":"tickets","at":"2026-03-04T05:06:07.89+00:00","unseen":3}""");

    [Fact]
    public void An_event_of_a_champion() => Check(
        new ServiceEvent { Id = 9, Type = EventTypes.Champion, Classifier = "tickets", At = At, Model = 2 },
        ContractsJson.Default.ServiceEvent,
        """{"id":9,"type":"champion","classifier":"tickets","at":"2026-03-04T05:06:07.89+00:00","model":2}""");

    [Fact]
    public void Health_that_is_well() => Check(new HealthResponse("ok"), ContractsJson.Default.HealthResponse, """{"status":"ok"}""");

    [Fact]
    public void A_lineage_of_an_earlier_version_is_the_own_engines() =>
        JsonSerializer.Deserialize("""{"dataset":"abc","feedback_mark":41,"settings":"linear/1","seed":1,"examples":1000}""", ContractsJson.Default.ModelLineage)!
            .Engine.ShouldBe("own");

    [Fact]
    public void Health_that_is_not() => Check(
        new HealthResponse("degraded", new Dictionary<string, string>(StringComparer.Ordinal) { ["inference"] = "away" }),
        ContractsJson.Default.HealthResponse,
        """{"status":"degraded","reasons":{"inference":"away"}}""");

    [Theory]
    [InlineData("""{"state":"PROMOTED","trigger":"Starter"}""")]
    [InlineData("""{"trigger":"starter","state":"promoted","a_member_of_a_later_version":[1,2,{}]}""")]
    public void Enumerations_are_read_in_any_case_and_unknown_members_passed_over(string members)
    {
        var run = JsonSerializer.Deserialize(
            """{"id":7,"classifier":"tickets","requested_at":"2026-03-04T05:06:07.89Z",""" + members[1..], ContractsJson.Default.RetrainingRun)!;

        run.State.ShouldBe(RunState.Promoted);
        run.Trigger.ShouldBe(RunTrigger.Starter);
        run.RequestedAt.ShouldBe(At);
    }

    [Theory]
    [InlineData("17")]
    [InlineData("\"nothing\"")]
    [InlineData("null")]
    public void An_enumeration_takes_its_own_words_only(string state) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize(
            $$"""{"id":7,"classifier":"tickets","trigger":"starter","requested_at":"2026-03-04T05:06:07.89Z","state":{{state}}}""",
            ContractsJson.Default.RetrainingRun));

    /// <summary>It is written so, and what is read from that is written so again.</summary>
    private static void Check<T>(T message, JsonTypeInfo<T> type, string json)
    {
        JsonSerializer.Serialize(message, type).ShouldBe(json);
        JsonSerializer.Serialize(JsonSerializer.Deserialize(json, type)!, type).ShouldBe(json);
    }
}
