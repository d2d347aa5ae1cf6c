using System.CommandLine;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary><c>models download</c>: writes a model's file.</summary>
internal static class DownloadCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandScope scope)
    {
        var version = CommandArguments.Version();
        var file = CommandArguments.Output("The file to write [default: <classifier>-<version>.model]");
        var command = new Command("download", "Writes a model's file.")
        {
            version,
            file,
        };
        scope.Example(command, "models download 1 -o tickets.model");
        scope.Handle(command, (session, parsed, cancellation) =>
            DownloadAsync(session, parsed.GetValue(version), parsed.GetValue(file), cancellation));
        return command;
    }

    private static async Task<int> DownloadAsync(CommandSession session, int version, string? file, CancellationToken cancellation)
    {
        var classifier = await session.ClassifierAsync(cancellation);
        await session.ModelAsync(classifier, version, cancellation);
        var model = await session.Get<IModelStore>().ReadAsync(classifier.Name, version, cancellation);
        var place = file ?? $"{classifier.Name}-{version}.model";
        await File.WriteAllBytesAsync(place, model, cancellation);
        if (session.Console.IsJson)
        {
            session.Console.Json(new WrittenFile(place, model.Length, Rows: null), CommandJson.Default.WrittenFile);
        }
        else
        {
            session.Console.Line($"{model.Length} bytes in {place}");
        }

        return ExitCodes.Done;
    }
}
