using System.Text.Json;
using System.Text.Json.Serialization;

namespace TicketAspire.Contracts;

/// <summary>
/// How every message looks on the wire: snake case, nulls left out, enumerations as words.
/// Generated at build time, so that serialising needs no reflection.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(LowerCaseConverter<LabelKind>), typeof(LowerCaseConverter<ModelState>), typeof(LowerCaseConverter<RunState>),
        typeof(LowerCaseConverter<RunTrigger>), typeof(LowerCaseConverter<RunStage>), typeof(LowerCaseConverter<DriftState>),
        typeof(LowerCaseConverter<StatisticsInterval>)])]
[JsonSerializable(typeof(PredictRequest))]
[JsonSerializable(typeof(PredictRequest[]))]
[JsonSerializable(typeof(PredictionResponse))]
[JsonSerializable(typeof(PredictionResponse[]))]
[JsonSerializable(typeof(BatchError))]
[JsonSerializable(typeof(FeedbackRequest))]
[JsonSerializable(typeof(FeedbackResponse))]
[JsonSerializable(typeof(Page<FeedbackEntry>))]
[JsonSerializable(typeof(Page<Ticket>))]
[JsonSerializable(typeof(Ticket))]
[JsonSerializable(typeof(IReadOnlyList<SimilarTicket>))]
[JsonSerializable(typeof(TicketStatistics))]
[JsonSerializable(typeof(ReindexProgress))]
[JsonSerializable(typeof(ClassifierSummary))]
[JsonSerializable(typeof(IReadOnlyList<ClassifierSummary>))]
[JsonSerializable(typeof(ClassifierSettings))]
[JsonSerializable(typeof(IReadOnlyList<ServedClassifier>))]
[JsonSerializable(typeof(ModelInfo))]
[JsonSerializable(typeof(IReadOnlyList<ModelInfo>))]
[JsonSerializable(typeof(ModelLineage))]
[JsonSerializable(typeof(ModelMetrics))]
[JsonSerializable(typeof(RetrainingRun))]
[JsonSerializable(typeof(IReadOnlyList<RetrainingRun>))]
[JsonSerializable(typeof(ImportResponse))]
[JsonSerializable(typeof(ImportPreview))]
[JsonSerializable(typeof(GateDecision))]
[JsonSerializable(typeof(ModelComparison))]
[JsonSerializable(typeof(ChallengerRequest))]
[JsonSerializable(typeof(ShadowReport))]
[JsonSerializable(typeof(ShadowDifference))]
[JsonSerializable(typeof(ReviewPage))]
[JsonSerializable(typeof(DriftReport))]
[JsonSerializable(typeof(OperationsReport))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, int>))]
[JsonSerializable(typeof(ServiceEvent))]
[JsonSerializable(typeof(HealthResponse))]
public sealed partial class ContractsJson : JsonSerializerContext;

/// <summary>Writes an enumeration's members in lower case and reads them in any case.</summary>
public sealed class LowerCaseConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
