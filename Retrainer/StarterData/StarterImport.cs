using System.Reflection;
using Microsoft.Extensions.Options;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Storage.Import;

namespace TicketAspire.Retrainer.StarterData;

/// <summary>Sets up the two classifiers that come with the system, so that it answers from the first minute.</summary>
internal sealed partial class StarterImport(
    IClassifierStore classifiers,
    IDatasetStore datasets,
    IRunStore runs,
    IOptions<RetrainingOptions> options,
    ILogger<StarterImport> logger)
{
    private static readonly string[] Names = ["tickets", "intents"];

    /// <summary>Creates what is missing and asks for its first run. Running twice at once does no harm.</summary>
    public async Task EnsureAsync(CancellationToken cancellation)
    {
        if (!options.Value.StarterData)
        {
            return;
        }

        foreach (var name in Names)
        {
            var classifier = await classifiers.FindAsync(name, cancellation);
            if (classifier is null)
            {
                await CreateAsync(name, cancellation);
            }

            // Also after a crash between the two steps.
            if (classifier?.Champion is null && !(await runs.OpenAsync(cancellation)).Any(run => run.Classifier == name))
            {
                await runs.RequestAsync(name, RunTrigger.Starter, cancellation);
            }
        }
    }

    private async Task CreateAsync(string name, CancellationToken cancellation)
    {
        await using var csv = Assembly.GetExecutingAssembly().GetManifestResourceStream($"StarterData/{name}.csv")
            ?? throw new InvalidOperationException($"The starter data of '{name}' are missing from the program.");
        using var packing = new DatasetPacking();
        var result = await CsvImport.ReadAsync(csv, new CsvColumns(), packing.Add, progress: null, cancellation);
        var dataset = await datasets.SaveAsync(packing.Finish(), cancellation);
        await classifiers.PutAsync(name, result.Label, dataset.Hash, cancellation);
        LogCreated(logger, name, dataset.Examples, dataset.Labels.Count);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Classifier}: set up with {Examples} starter examples of {Labels} labels")]
    private static partial void LogCreated(ILogger logger, string classifier, int examples, int labels);
}
