using TicketAspire.Contracts;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary>Tells what an import has read.</summary>
internal static class ImportReport
{
    private const int NamesShown = 10;

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
