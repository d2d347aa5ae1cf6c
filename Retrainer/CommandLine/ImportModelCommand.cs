using System.CommandLine;
using TicketAspire.Contracts;
using TicketAspire.Retrainer.Imports;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary><c>models import</c>: takes over a model that was trained elsewhere.</summary>
internal static class ImportModelCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandScope scope)
    {
        var file = new Argument<string>("file") { Description = "A text classifier as ML.NET saved it (.zip)" };
        var column = new Option<string?>("--text-column")
        {
            Description = "The column of the model that takes the text [default: its only text that is no label]",
            HelpName = "name",
        };
        var command = new Command("import", "Takes over an ML.NET text classifier as a version that a person may promote.")
        {
            file,
            column,
        };
        scope.Example(command, "models import tickets.zip -c tickets --text-column Description");
        scope.Handle(command, (session, parsed, cancellation) =>
            ImportAsync(session, parsed.GetValue(file)!, parsed.GetValue(column), cancellation));
        return command;
    }

    private static async Task<int> ImportAsync(CommandSession session, string file, string? column, CancellationToken cancellation)
    {
        var classifier = await session.ClassifierAsync(cancellation);
        var model = await session.Get<ModelImporting>().ImportAsync(
            classifier, await File.ReadAllBytesAsync(file, cancellation), column, cancellation);
        if (session.Console.IsJson)
        {
            session.Console.Json(model, ContractsJson.Default.ModelInfo);
            return ExitCodes.Done;
        }

        session.Console.Facts(
        [
            ("imported", $"{classifier.Name} {model.Version}"),
            .. Figures.Facts(model.Metrics),
            ("next", $"promote {model.Version} -c {classifier.Name}"),
        ]);
        return ExitCodes.Done;
    }
}
