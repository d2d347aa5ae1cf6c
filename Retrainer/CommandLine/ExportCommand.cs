using System.CommandLine;
using TicketAspire.Storage;
using TicketAspire.Storage.Export;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary><c>export</c>: gives a classifier's examples and feedback back as a CSV.</summary>
internal static class ExportCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandScope scope)
    {
        var file = CommandArguments.Output("The file to write [default: the standard output]");
        var bare = new Option<bool>("--no-feedback") { Description = "Only what was imported" };
        var command = new Command(
            "export",
            "Writes a classifier's examples, and the feedback behind them, as a CSV that can be imported again.")
        {
            file,
            bare,
        };
        command.Validators.Add(result =>
        {
            if (scope.IsJson(result) && result.GetValue(file) is null)
            {
                result.AddError("'--json' needs '--output': the standard output is the CSV's.");
            }
        });
        scope.Example(command, "export -c tickets -o tickets.csv");
        scope.Handle(command, (session, parsed, cancellation) =>
            ExportAsync(session, parsed.GetValue(file), parsed.GetValue(bare), cancellation));
        return command;
    }

    private static async Task<int> ExportAsync(CommandSession session, string? file, bool bare, CancellationToken cancellation)
    {
        var classifier = await session.ClassifierAsync(cancellation);
        var examples = await session.Get<IDatasetStore>().ReadAsync(classifier.Dataset, cancellation);
        var feedback = bare ? [] : await session.Get<IFeedbackStore>().ReadAsync(classifier.Name, cancellation);
        session.Console.Note($"Exporting {examples.Count} examples and {feedback.Count} feedback entries of {classifier.Name}");
        if (file is null)
        {
            await session.Console.BytesAsync(bytes => CsvExport.WriteAsync(bytes, examples, feedback, cancellation));
            return ExitCodes.Done;
        }

        await using var csv = File.Create(file);
        var rows = await CsvExport.WriteAsync(csv, examples, feedback, cancellation);
        if (session.Console.IsJson)
        {
            session.Console.Json(new WrittenFile(file, csv.Length, rows), CommandJson.Default.WrittenFile);
        }
        else
        {
            session.Console.Line($"{rows} rows in {file}");
        }

        return ExitCodes.Done;
    }
}
