using System.Globalization;
using System.Text;
using CsvHelper;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Export;

/// <summary>
/// Gives a classifier's examples back as they were imported, and its feedback behind them, as a CSV that can be imported
/// again. Where feedback is about an example's text, the latest word on it stands in the example's place.
/// </summary>
public static class CsvExport
{
    /// <summary>The last column's word for what was imported.</summary>
    public const string FromDataset = "dataset";

    /// <summary>The last column's word for what a person said.</summary>
    public const string FromFeedback = "feedback";

    /// <summary>Writes it.</summary>
    /// <param name="output">Receives UTF-8; stays open.</param>
    /// <param name="examples">What was imported.</param>
    /// <param name="feedback">Feedback, oldest first; none to get back what was imported.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many rows were written, without the header.</returns>
    public static async Task<int> WriteAsync(
        Stream output, IReadOnlyList<Example> examples, IReadOnlyList<FeedbackEntry> feedback, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(feedback);
        var latest = new Dictionary<string, FeedbackEntry>(StringComparer.Ordinal);
        foreach (var entry in feedback)
        {
            latest[entry.Text.Trim()] = entry;
        }

        var open = latest.Keys.ToHashSet(StringComparer.Ordinal);
        var rows = 0;
        await using var text = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await using var csv = new CsvWriter(text, CultureInfo.InvariantCulture);
        await WriteAsync(csv, "text", "label", "source");
        foreach (var example in examples)
        {
            cancellation.ThrowIfCancellationRequested();
            var key = example.Text.Trim();
            var (label, source) = latest.TryGetValue(key, out var entry) ? (entry.Label, FromFeedback) : (example.Label, FromDataset);
            open.Remove(key);
            await WriteAsync(csv, example.Text, label, source);
            rows++;
        }

        foreach (var entry in latest.Values.Where(entry => open.Contains(entry.Text.Trim())).OrderBy(entry => entry.Id))
        {
            cancellation.ThrowIfCancellationRequested();
            await WriteAsync(csv, entry.Text, entry.Label, FromFeedback);
            rows++;
        }

        return rows;
    }

    private static async Task WriteAsync(CsvWriter csv, params string[] fields)
    {
        foreach (var field in fields)
        {
            csv.WriteField(field);
        }

        await csv.NextRecordAsync();
    }
}
