using System.CommandLine;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary><c>models delete</c>: deletes a version and its file.</summary>
internal static class DeleteCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandScope scope)
    {
        var version = CommandArguments.Version();
        var command = new Command(
            "delete", "Deletes a version and its file; the one in service and the challenger stay.") { version };
        scope.Example(command, "models delete 2 -c tickets");
        scope.Handle(command, (session, parsed, cancellation) => DeleteAsync(session, parsed.GetValue(version), cancellation));
        return command;
    }

    /// <summary>Tells which versions are gone.</summary>
    public static int Tell(CommandSession session, string classifier, IReadOnlyList<int> versions)
    {
        if (session.Console.IsJson)
        {
            session.Console.Json(new DeletedModels(classifier, versions), CommandJson.Default.DeletedModels);
        }
        else
        {
            session.Console.Line(versions.Count == 0 ? "Nothing to delete" : $"Deleted of {classifier}: {string.Join(", ", versions)}");
        }

        return ExitCodes.Done;
    }

    private static async Task<int> DeleteAsync(CommandSession session, int version, CancellationToken cancellation)
    {
        var classifier = await session.ClassifierAsync(cancellation);
        await session.ModelAsync(classifier, version, cancellation);
        return await session.Get<IModelStore>().DeleteAsync(classifier.Name, version, cancellation) == ModelDeletion.InUse
            ? throw new CommandFailure($"Version {version} of '{classifier.Name}' is in service or its challenger, and stays")
            : Tell(session, classifier.Name, [version]);
    }
}
