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
internal sealed class ModelImporting(IRunStore runs, ExampleGathering gathering, ClassifierDefaults defaults)
{
    private const int LabelsNamed = 10;

    /// <summary>Imports it.</summary>
    /// <param name="classifier">Whose version it becomes.</param>
    /// <param name="file">The file as it was saved.</param>
    /// <param name="textColumn">The column that takes the text; null finds it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidDataException">It is damaged, no text classifier, or none for this classifier's labels.</exception>
    /// <exception cref="MissingEngineException">This build cannot read it.</exception>
    public async Task<ModelInfo> ImportAsync(ClassifierInfo classifier, byte[] file, string? textColumn, CancellationToken cancellation)
    {
        var import = EngineCatalog.Import();
        var model = await Task.Run(() => import.Import(file, textColumn), cancellation);
        string[] unknown = [.. model.Labels.Except(classifier.Labels, StringComparer.Ordinal)];
        if (unknown.Length > 0)
        {
            throw new InvalidDataException(
                $"The model has labels that '{classifier.Name}' has not: {string.Join(", ", unknown.Take(LabelsNamed).Select(label => $"'{label}'"))}{(unknown.Length > LabelsNamed ? ", …" : string.Empty)}");
        }

        var gathered = await gathering.GatherAsync(classifier, FeedbackRanges.None, cancellation);
        if (gathered.HoldOut.Count == 0)
        {
            throw new InvalidDataException($"The data set of '{classifier.Name}' is too small for a hold-out, so the model cannot be measured: import more examples first");
        }

        var result = await Task.Run(() => Measured(classifier, model, file, gathered), cancellation);
        return await runs.ImportAsync(classifier.Name, result, cancellation)
            ?? throw new InvalidDataException($"There is no classifier '{classifier.Name}'");
    }

    private RunResult Measured(ClassifierInfo classifier, TextModel model, byte[] file, GatheredExamples gathered) => new()
    {
        File = model.Write(),
        Metrics = Measuring.Of(
            outOfFold: [], EvaluationReport.Judge(model, gathered.HoldOut), defaults.TargetPrecision(classifier), defaults.LeastThreshold),
        // What it has learned from is not known; the data set is the one that it was measured with.
        Lineage = new ModelLineage(
            classifier.Dataset, FeedbackMark: 0, $"imported {Convert.ToHexStringLower(SHA256.HashData(file))}", Seed: 0, Examples: 0, Engine: EngineNames.MLNet),
        Promote = false,
        Reason = "Imported; a person may promote it",
    };
}
