namespace TicketAspire.Storage.Import;

/// <summary>Which columns hold the text and the label.</summary>
/// <param name="Text">The text column's header; null to find it by the usual names.</param>
/// <param name="Label">The label column's header; null to find it by the usual names.</param>
public sealed record CsvColumns(string? Text = null, string? Label = null)
{
    // In order of preference: a file with both "text" and "description" means the former.
    private static readonly string[] TextNames =
        ["text", "document", "utterance", "message", "body", "description", "content", "query", "question", "ticket", "sentence"];

    private static readonly string[] LabelNames =
        ["label", "category", "intent", "topicgroup", "class", "topic", "truelabel", "assignmentgroup", "group", "queue", "type", "tag", "priority", "language"];

    internal CsvPlaces Find(string[] header)
    {
        var text = Find(header, Text, TextNames, "text");
        var label = Find(header, Label, LabelNames, "label");
        return text == label
            ? throw new CsvImportException($"The column '{header[text]}' cannot be both the text and the label")
            : new CsvPlaces(text, label, header[text].Trim(), header[label].Trim());
    }

    private static int Find(string[] header, string? wanted, string[] names, string what)
    {
        var columns = header.Select(Plain).ToArray();
        foreach (var name in wanted is null ? names : [Plain(wanted)])
        {
            var index = Array.IndexOf(columns, name);
            if (index >= 0)
            {
                return index;
            }
        }

        var there = string.Join(", ", header.Take(20).Select(column => $"'{Short(column)}'"));
        throw new CsvImportException(wanted is null
            ? $"No {what} column found. The header has {there}; expected one of {string.Join(", ", names)}, or name it with {what}_column"
            : $"There is no column '{Short(wanted)}'. The header has {there}");
    }

    // "Topic_group", "topic group" and "TopicGroup" are the same name.
    private static string Plain(string column) =>
        string.Concat(column.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static string Short(string column) => column.Length <= 40 ? column : column[..40] + "…";
}

/// <summary>Where the columns were found.</summary>
internal sealed record CsvPlaces(int TextIndex, int LabelIndex, string Text, string Label);
