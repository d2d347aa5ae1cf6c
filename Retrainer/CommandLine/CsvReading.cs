using System.CommandLine;
using TicketAspire.Contracts;
using TicketAspire.Storage.Import;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary>Reads a CSV with labelled texts, from a file or from the standard input, and shows how far it is.</summary>
internal sealed class CsvReading
{
    /// <summary>The standard input's name as a file.</summary>
    public const string StandardInput = "-";

    private readonly Option<string?> _text = new("--text-column")
    {
        Description = "The text column's header [default: found by the usual names: text, description, ...]",
        HelpName = "header",
    };

    private readonly Option<string?> _label = new("--label-column")
    {
        Description = "The label column's header [default: found by the usual names: label, category, ...]",
        HelpName = "header",
    };

    /// <summary>Gives a command the options that name the columns.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_text);
        command.Options.Add(_label);
    }

    /// <summary>Reads it.</summary>
    /// <param name="session">The command at work.</param>
    /// <param name="parsed">Its options.</param>
    /// <param name="file">The file, or <see cref="StandardInput"/>.</param>
    /// <param name="take">Receives each usable row.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="CommandFailure">The file cannot be used.</exception>
    public async Task<CsvImportResult> ReadAsync(
        CommandSession session, ParseResult parsed, string file, Action<Example> take, CancellationToken cancellation)
    {
        var columns = new CsvColumns(parsed.GetValue(_text), parsed.GetValue(_label));
        try
        {
            await using var csv = file == StandardInput ? Console.OpenStandardInput() : File.OpenRead(file);
            return await session.Progress.ShowAsync(
                $"Reading {(csv.CanSeek ? Path.GetFileName(file) : "the standard input")}",
                report => CsvImport.ReadAsync(csv, columns, take, new Reports(csv, report), cancellation));
        }
        catch (CsvImportException exception)
        {
            // The message is the Api's, which has other names for these options.
            throw new CommandFailure(exception.Message
                .Replace("with text_column", "with --text-column", StringComparison.Ordinal)
                .Replace("with label_column", "with --label-column", StringComparison.Ordinal));
        }
    }

    /// <summary>At once, on the reader's thread: the file's position is that of the row.</summary>
    private sealed class Reports(Stream csv, Action<double?, string> report) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => report(
            csv is { CanSeek: true, Length: > 0 } ? (double)csv.Position / csv.Length : null,
            $"{value.Rows} rows, {value.Skipped} skipped");
    }
}
