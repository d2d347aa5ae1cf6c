using System.CommandLine;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Storage.Import;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary><c>import</c>: gives a classifier the examples of a CSV, and creates it if the name is new.</summary>
internal static class ImportCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandScope scope)
    {
        var file = new Argument<string>("file.csv") { Description = "A CSV with a header, in UTF-8; '-' is the standard input" };
        var append = new Option<bool>("--append") { Description = "Beside the present examples, not in their place" };
        var preview = new Option<bool>("--preview") { Description = "Only look: nothing is kept" };
        var train = new Option<bool>("--train") { Description = "Train at once, as 'train' does" };
        var reading = new CsvReading();
        var command = new Command(
            "import",
            "Gives a classifier the examples of a CSV, creates it if the name is new, and asks for its training.")
        {
            file,
            append,
            preview,
            train,
        };
        reading.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(preview) && result.GetValue(train))
            {
                result.AddError("'--preview' keeps nothing, so there is nothing to '--train'.");
            }
        });
        scope.Example(command, "import tickets.csv -c servicedesk --train");
        scope.Handle(
            command,
            (session, parsed, cancellation) => parsed.GetValue(preview)
                ? PreviewAsync(session, parsed, reading, parsed.GetValue(file)!, parsed.GetValue(append), cancellation)
                : ImportAsync(session, parsed, reading, parsed.GetValue(file)!, (parsed.GetValue(append), parsed.GetValue(train)), cancellation),
            newStore: true);
        return command;
    }

    private static async Task<int> PreviewAsync(
        CommandSession session, ParseResult parsed, CsvReading reading, string file, bool append, CancellationToken cancellation)
    {
        var present = await PresentAsync(session, cancellation);
        var read = await reading.ReadAsync(session, parsed, file, _ => { }, cancellation);
        ImportReport.Tell(session, read.Preview(session.ClassifierName, present, append));
        return ExitCodes.Done;
    }

    private static async Task<int> ImportAsync(
        CommandSession session,
        ParseResult parsed,
        CsvReading reading,
        string file,
        (bool Append, bool Train) options,
        CancellationToken cancellation)
    {
        // The file first: one that is refused leaves nothing behind, not even an empty store.
        var present = await PresentAsync(session, cancellation);
        using var packing = new DatasetPacking();
        if (options.Append && present is not null)
        {
            packing.AddAll(await session.Get<IDatasetStore>().ReadAsync(present.Dataset, cancellation));
        }

        var read = await reading.ReadAsync(session, parsed, file, packing.Add, cancellation);
        var response = await DatasetImport.KeepAsync(
            session.ClassifierName, packing.Finish(), read,
            session.Get<IDatasetStore>(), session.Get<IClassifierStore>(), session.Get<IRunStore>(), cancellation);
        if (!session.Console.IsJson)
        {
            ImportReport.Tell(session, response, read.Preview(session.ClassifierName, present, options.Append));
        }

        return options.Train ? await TrainAsync(session, response, cancellation) : Ask(session, response);
    }

    private static async Task<int> TrainAsync(CommandSession session, ImportResponse response, CancellationToken cancellation)
    {
        var outcome = await Training.FinishAsync(session, response.Run, carryOut: true, cancellation);
        var code = Training.Tell(session, outcome);
        Json(session, response with { Run = outcome.Run });
        return code;
    }

    private static int Ask(CommandSession session, ImportResponse response)
    {
        session.Console.Note($"Run {response.Run.Id} is queued: a running retrainer takes it, or 'train -c {response.Classifier}' does");
        Json(session, response);
        return ExitCodes.Done;
    }

    private static void Json(CommandSession session, ImportResponse response)
    {
        if (session.Console.IsJson)
        {
            session.Console.Json(response, ContractsJson.Default.ImportResponse);
        }
    }

    private static async Task<ClassifierInfo?> PresentAsync(CommandSession session, CancellationToken cancellation) =>
        !ClassifierName.IsValid(session.ClassifierName) ? throw new CommandFailure($"'{session.ClassifierName}' is no classifier's name, which has {ClassifierName.Rule}")
        : session.StoreExists ? await session.Get<IClassifierStore>().FindAsync(session.ClassifierName, cancellation)
        : null;
}
