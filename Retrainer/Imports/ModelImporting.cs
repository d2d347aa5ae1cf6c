using System.Security.Cryptography;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Engines;
using TicketAspire.Classifier.Evaluation;
using TicketAspire.Contracts;
using TicketAspire.Retrainer.Runs;
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.Imports;

/// <summary>
/// Takes over a model that was trained elsewhere: reads it, measures it on the hold-out, and keeps it as a version that a
/// person may promote. Nothing is kept of one that is refused.
/// </summary>
internal sealed class ModelImporting(IModelImport import, IRunStore runs, ExampleGathering gathering, ClassifierDefaults defaults) : IDisposable
{
    private const int LabelsNamed = 10;

    /// <summary>With fewer hold-out tickets a threshold would be chance: an own model has its out-of-fold answers besides.</summary>
    private const int LeastMeasured = 100;

    // One at a time: each takes several times its file in memory.
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Imports it.</summary>
    /// <param name="classifier">Whose version it becomes.</param>
    /// <param name="file">The file as it was saved.</param>
    /// <param name="textColumn">The column that takes the text; null finds it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidDataException">It is damaged, no text classifier, or none for this classifier's labels.</exception>
    /// <exception cref="KeyNotFoundException">The classifier is gone.</exception>
    /// <exception cref="UnmeasurableException">The classifier's data set is damaged, or has no hold-out.</exception>
    public async Task<ModelInfo> ImportAsync(ClassifierInfo classifier, byte[] file, string? textColumn, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            return await ImportOneAsync(classifier, file, textColumn, cancellation);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private async Task<ModelInfo> ImportOneAsync(ClassifierInfo classifier, byte[] file, string? textColumn, CancellationToken cancellation)
    {
        var model = await Task.Run(() => import.Import(file, textColumn), cancellation);
        string[] unknown = [.. model.Labels.Except(classifier.Labels, StringComparer.Ordinal)];
        if (unknown.Length > 0)
        {
            throw new InvalidDataException(
                $"The model has labels that '{classifier.Name}' has not: {string.Join(", ", unknown.Take(LabelsNamed).Select(label => $"'{label}'"))}{(unknown.Length > LabelsNamed ? ", …" : string.Empty)}");
        }

        var gathered = await GatherAsync(classifier, cancellation);
        var result = await Task.Run(() => Measured(classifier, model, file, textColumn, gathered), cancellation);
        return await runs.ImportAsync(classifier.Name, result, cancellation)
            ?? throw new KeyNotFoundException($"There is no classifier '{classifier.Name}'");
    }

    private async Task<GatheredExamples> GatherAsync(ClassifierInfo classifier, CancellationToken cancellation)
    {
        try
        {
            var gathered = await gathering.GatherAsync(classifier, FeedbackRanges.None, cancellation);
            return gathered.HoldOut.Count > 0 ? gathered : throw new UnmeasurableException(
                $"The data set of '{classifier.Name}' is too small for a hold-out, so the model cannot be measured: import more examples first");
        }
        catch (InvalidDataException exception)
        {
            throw new UnmeasurableException($"The model cannot be measured: {exception.Message}", exception);
        }
    }

    private RunResult Measured(ClassifierInfo classifier, TextModel model, byte[] file, string? textColumn, GatheredExamples gathered) => new()
    {
        File = model.Write(),
        Metrics = Metrics(EvaluationReport.Judge(model, gathered.HoldOut), defaults.TargetPrecision(classifier)),
        // What it has learned from is not known; the data set is the one that it was measured with.
        Lineage = new ModelLineage(
            classifier.Dataset, FeedbackMark: 0, $"imported {Convert.ToHexStringLower(SHA256.HashData(file))}{(textColumn is null ? string.Empty : $" text={textColumn}")}", Seed: 0, Examples: 0, Engine: EngineNames.MLNet),
        Promote = false,
        Reason = gathered.HoldOut.Count < LeastMeasured
            ? $"Imported; a person may promote it. It routes nothing automatically: {gathered.HoldOut.Count} hold-out tickets are too few to measure a threshold with ({LeastMeasured}), and it may have learned from them"
            : "Imported; a person may promote it. It may have learned from the hold-out tickets, and then does worse than measured",
    };

    private ModelMetrics Metrics(IReadOnlyList<Judgement> judged, double targetPrecision)
    {
        var metrics = Measuring.Of(outOfFold: [], judged, targetPrecision, defaults.LeastThreshold);
        return judged.Count < LeastMeasured
            ? metrics with { Threshold = RoutingThreshold.Never, Coverage = 0, Precision = 1 }
            : metrics;
    }
}
