using System.Text.Json.Serialization;
using TicketAspire.Contracts;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary>The results that no message of the Api has; they look like those (<see cref="ContractsJson"/>).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(LowerCaseConverter<ModelState>), typeof(LowerCaseConverter<RunState>),
        typeof(LowerCaseConverter<RunTrigger>), typeof(LowerCaseConverter<RunStage>)])]
[JsonSerializable(typeof(TrainingOutcome))]
[JsonSerializable(typeof(IReadOnlyList<TrainingOutcome>))]
[JsonSerializable(typeof(DeletedModels))]
[JsonSerializable(typeof(WrittenFile))]
internal sealed partial class CommandJson : JsonSerializerContext;

/// <summary>What a training came to.</summary>
/// <param name="Run">The run as it ended.</param>
/// <param name="Model">The model that it made; null if it made none.</param>
internal sealed record TrainingOutcome(RetrainingRun Run, ModelInfo? Model)
{
    /// <summary>How long it took, in seconds; null if it was never begun.</summary>
    public double? Seconds => Run is { StartedAt: { } start, EndedAt: { } end } ? (end - start).TotalSeconds : null;
}

/// <summary>Versions that are gone.</summary>
/// <param name="Classifier">Whose they were.</param>
/// <param name="Deleted">The versions.</param>
internal sealed record DeletedModels(string Classifier, IReadOnlyList<int> Deleted);

/// <summary>A file that a command has written.</summary>
/// <param name="File">Where.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Rows">Its rows without the header, where it has such.</param>
internal sealed record WrittenFile(string File, long Bytes, int? Rows);
