using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Import;

/// <summary>
/// Reads labelled examples from a CSV as help desks export it: UTF-8, a header, fields separated by comma, semicolon or
/// tab, quoted where needed (line breaks inside quotes belong to the field). The columns are found by name.
/// </summary>
public static class CsvImport
{
    /// <summary>How many problems are reported in full.</summary>
    public const int ProblemsKept = 20;

    /// <summary>Progress is told after each so many rows.</summary>
    private const int ProgressEvery = 500;

    private const int LongestText = 100_000;
    private const int LongestLabel = 100;
    private const int MostLabels = 2_000;

    /// <summary>With this many rows, a label that does not come back at all says that the column holds no labels.</summary>
    private const int RowsToTellLabels = 100;

    /// <summary>Reads row by row. A row that cannot be used is reported with its line and left out.</summary>
    /// <param name="csv">The bytes.</param>
    /// <param name="columns">Columns to use, where the usual names do not fit.</param>
    /// <param name="take">Receives each usable row, in order. If the file is refused in the end, all of them are to be forgotten.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="CsvImportException">The file as a whole cannot be used; the message says why.</exception>
    public static async Task<CsvImportResult> ReadAsync(
        Stream csv, CsvColumns columns, Action<Example> take, IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(take);
        ArgumentNullException.ThrowIfNull(columns);
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        using var text = new StreamReader(csv, utf8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var badQuotes = false;
        using var reader = new CsvReader(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            DetectDelimiter = true,
            DetectDelimiterValues = [",", ";", "\t"],
            BadDataFound = _ => badQuotes = true,
            IgnoreBlankLines = true,
            // A file that is no CSV is one field to its end, which would be held in memory several times over.
            MaxFieldSize = 10 * LongestText,
        });
        try
        {
            if (!await reader.ReadAsync() || !reader.ReadHeader())
            {
                throw new CsvImportException("The file is empty");
            }

            var places = columns.Find(reader.HeaderRecord!);
            var result = new CsvImportResult(places.Text, places.Label);
            while (await reader.ReadAsync())
            {
                cancellation.ThrowIfCancellationRequested();
                Take(reader, places, result, badQuotes, take);
                badQuotes = false;
                if (progress is not null && result.Rows % ProgressEvery == 0)
                {
                    progress.Report(result.Progress);
                }
            }

            Check(result);
            progress?.Report(result.Progress);
            return result;
        }
        catch (DecoderFallbackException)
        {
            throw new CsvImportException($"The file is not UTF-8 text (after line {reader.Parser.RawRow})");
        }
        catch (CsvHelperException exception) when (exception is not CsvHelper.MissingFieldException)
        {
            throw new CsvImportException($"The file cannot be read as CSV (at line {reader.Parser.RawRow})");
        }
    }

    private static void Take(CsvReader reader, CsvPlaces places, CsvImportResult result, bool badQuotes, Action<Example> take)
    {
        result.Rows++;
        var text = reader.TryGetField<string>(places.TextIndex, out var t) ? t : null;
        var label = (reader.TryGetField<string>(places.LabelIndex, out var l) ? l : null)?.Trim();
        var problem =
            badQuotes ? "The quotes do not match"
            : text is null || label is null ? "There are fewer fields than columns"
            : string.IsNullOrWhiteSpace(text) ? "The text is empty"
            : label.Length == 0 ? "The label is empty"
            : text.Length > LongestText ? $"The text is longer than {LongestText} characters"
            : label.Length > LongestLabel ? $"The label is longer than {LongestLabel} characters"
            : !text.EnumerateRunes().Any(Rune.IsLetterOrDigit) ? "The text holds no word"
            : null;
        if (problem is null)
        {
            var example = new Example(text!, label!);
            result.Statistics.Add(example);
            take(example);
            return;
        }

        result.Skipped++;
        if (result.Problems.Count < ProblemsKept)
        {
            // The parser stands behind the row; a row of several lines begins as many lines before.
            var lines = reader.Parser.RawRecord.AsSpan().TrimEnd("\r\n").Count('\n');
            result.Problems.Add(new RowProblem(Math.Max(1, reader.Parser.RawRow - lines), problem));
        }
    }

    private static void Check(CsvImportResult result)
    {
        if (result.Rows == 0)
        {
            throw new CsvImportException("The file has a header, but no rows");
        }

        if (result.Skipped * 2 > result.Rows)
        {
            var first = result.Problems[0];
            throw new CsvImportException(
                $"{result.Skipped} of {result.Rows} rows cannot be used; the first is at line {first.Line}: {first.Problem}");
        }

        var (labels, examples) = (result.Statistics.Labels.Count, result.Rows - result.Skipped);
        if (labels < 2)
        {
            throw new CsvImportException("All rows have the same label; at least two different labels are needed");
        }

        if (labels > MostLabels || (examples >= RowsToTellLabels && labels * 2 > examples))
        {
            throw new CsvImportException(
                $"The column '{result.LabelColumn}' has {labels} different values in {examples} rows: it does not look like a label");
        }
    }
}

/// <summary>A file that cannot be imported at all.</summary>
public sealed class CsvImportException(string message) : Exception(message);

/// <summary>What was read from a CSV.</summary>
public sealed class CsvImportResult
{
    /// <summary>How many labels the progress names.</summary>
    private const int LabelsTold = 20;

    internal CsvImportResult(string textColumn, string labelColumn) => (TextColumn, LabelColumn) = (textColumn, labelColumn);

    /// <summary>The header of the text column.</summary>
    public string TextColumn { get; }

    /// <summary>The header of the label column.</summary>
    public string LabelColumn { get; }

    /// <summary>What its label is called: an intent where the column is named so.</summary>
    public LabelKind Label => LabelColumn.Contains("intent", StringComparison.OrdinalIgnoreCase) ? LabelKind.Intent : LabelKind.Category;

    /// <summary>Rows read, without the header.</summary>
    public int Rows { get; internal set; }

    /// <summary>Rows left out.</summary>
    public int Skipped { get; internal set; }

    /// <summary>What is in the usable rows.</summary>
    public ImportStatistics Statistics { get; } = new();

    /// <summary>What an import of it would bring.</summary>
    /// <param name="classifier">The name of the classifier that would have it.</param>
    /// <param name="present">That classifier as it is; null if there is none.</param>
    /// <param name="appends">Whether its examples stay beside these.</param>
    public ImportPreview Preview(string classifier, ClassifierInfo? present, bool appends) => new()
    {
        Classifier = classifier,
        New = present is null,
        TextColumn = TextColumn,
        LabelColumn = LabelColumn,
        Rows = Rows,
        Skipped = Skipped,
        Problems = Problems,
        Labels = Statistics.Labels,
        Duplicates = Statistics.Duplicates,
        Contradictions = Statistics.Contradictions,
        Contradicting = Statistics.Contradicting,
        NewLabels = present is null ? [] : [.. Statistics.Labels.Keys.Except(present.Labels, StringComparer.Ordinal)],
        LostLabels = present is null || appends ? [] : [.. present.Labels.Except(Statistics.Labels.Keys, StringComparer.Ordinal)],
    };

    /// <summary>How far the reading is.</summary>
    internal ImportProgress Progress => new(
        Rows,
        Skipped,
        Statistics.Labels.OrderByDescending(label => label.Value).ThenBy(label => label.Key, StringComparer.Ordinal).Take(LabelsTold)
            .ToDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal));

    /// <summary>Why, for the first of them.</summary>
    public List<RowProblem> Problems { get; } = [];
}
