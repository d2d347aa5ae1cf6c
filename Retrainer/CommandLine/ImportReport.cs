using TicketAspire.Contracts;
using TicketAspire.Storage.Import;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary>Tells what an import has read.</summary>
internal static class ImportReport
{
    private const int NamesShown = 10;

    /// <summary>What the file brings to a classifier.</summary>
    /// <param name="name">The classifier's name.</param>
    /// <param name="present">The classifier as it is; null if there is none.</param>
    /// <param name="append">Whether the present examples stay.</param>
    /// <param name="read">What was read.</param>
    public static ImportPreview Preview(string name, ClassifierInfo? present, bool append, CsvImportResult read) => new()
    {
        Classifier = name,
        New = present is null,
        TextColumn = read.TextColumn,
        LabelColumn = read.LabelColumn,
        Rows = read.Rows,
        Skipped = read.Skipped,
        Problems = read.Problems,
        Labels = read.Statistics.Labels,
        Duplicates = read.Statistics.Duplicates,
        Contradictions = read.Statistics.Contradictions,
        Contradicting = read.Statistics.Contradicting,
        NewLabels = present is null ? [] : [.. read.Statistics.Labels.Keys.Except(present.Labels, StringComparer.Ordinal)],
        LostLabels = present is null || append ? [] : [.. present.Labels.Except(read.Statistics.Labels.Keys, StringComparer.Ordinal)],
    };

    /// <summary>Tells what an import would bring.</summary>
    public static void Tell(CommandSession session, ImportPreview preview)
    {
        if (session.Console.IsJson)
        {
            session.Console.Json(preview, ContractsJson.Default.ImportPreview);
            return;
        }

        Tell(session, preview, ("preview", $"{preview.Classifier}{(preview.New ? " (new)" : string.Empty)}; nothing is kept"), null);
    }

    /// <summary>Tells what an import has brought.</summary>
    public static void Tell(CommandSession session, ImportResponse response, ImportPreview preview) => Tell(
        session,
        preview,
        ("imported", $"{response.Classifier}{(response.Created ? " (new)" : string.Empty)}"),
        $"{response.Dataset.Examples} examples of {response.Dataset.Labels.Count} labels, {response.Dataset.Hash}");

    private static void Tell(CommandSession session, ImportPreview preview, (string Name, string? Value) head, string? dataset)
    {
        session.Console.Facts(
            head,
            ("columns", $"text '{preview.TextColumn}', label '{preview.LabelColumn}'"),
            ("rows", Figures.Count(preview.Rows)),
            ("skipped", Figures.Count(preview.Skipped)),
            ("duplicates", Figures.Count(preview.Duplicates)),
            ("contradictions", Figures.Count(preview.Contradictions)),
            ("new labels", Names(preview.NewLabels)),
            ("lost labels", Names(preview.LostLabels)),
            ("data set", dataset));
        session.Console.Table(
            ["label", "#examples"],
            preview.Labels.OrderByDescending(label => label.Value).ThenBy(label => label.Key, StringComparer.Ordinal)
                .Select(label => new[] { label.Key, Figures.Count(label.Value) }));
        if (preview.Problems.Count > 0)
        {
            session.Console.Table(
                ["#line", "left out because"], preview.Problems.Select(problem => new[] { Figures.Count(problem.Line), problem.Problem }));
        }
    }

    private static string? Names(IReadOnlyList<string> labels) =>
        labels.Count == 0 ? null
        : labels.Count <= NamesShown ? string.Join(", ", labels)
        : $"{string.Join(", ", labels.Take(NamesShown))} and {labels.Count - NamesShown} more";
}
