using TicketAspire.Contracts;

namespace TicketAspire.Storage.Import;

/// <summary>Gives a classifier the examples that were read, and asks for a training: the end of every import.</summary>
public static class DatasetImport
{
    /// <summary>Keeps them. A crash in between leaves the classifier as it was, or with its new data set and no run yet.</summary>
    /// <param name="classifier">The classifier; created if there is none of that name.</param>
    /// <param name="content">The data set as it is to be: with what was there before, where the import adds to it.</param>
    /// <param name="read">What was read.</param>
    /// <param name="datasets">Keeps the data set.</param>
    /// <param name="classifiers">Gives it to the classifier.</param>
    /// <param name="runs">Is asked for the training.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<ImportResponse> KeepAsync(
        string classifier,
        DatasetContent content,
        CsvImportResult read,
        IDatasetStore datasets,
        IClassifierStore classifiers,
        IRunStore runs,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(datasets);
        ArgumentNullException.ThrowIfNull(classifiers);
        ArgumentNullException.ThrowIfNull(runs);
        var dataset = await datasets.SaveAsync(content, cancellation);
        var created = await classifiers.PutAsync(classifier, read.Label, dataset.Hash, cancellation);
        var run = await runs.RequestAsync(classifier, RunTrigger.Import, cancellation);
        return new ImportResponse(
            classifier, created, dataset, read.Rows, read.Skipped, read.Problems,
            read.Statistics.Duplicates, read.Statistics.Contradictions, run);
    }
}
