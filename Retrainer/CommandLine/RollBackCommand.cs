using System.CommandLine;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary><c>rollback</c>: puts the version in service that served before.</summary>
internal static class RollBackCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandScope scope)
    {
        var by = CommandArguments.By();
        var command = new Command("rollback", "Puts the version in service that served before the present one.") { by };
        scope.Example(command, "rollback -c tickets");
        scope.Handle(command, (session, parsed, cancellation) => RollBackAsync(session, parsed.GetValue(by)!, cancellation));
        return command;
    }

    private static async Task<int> RollBackAsync(CommandSession session, string by, CancellationToken cancellation)
    {
        var classifier = await session.ClassifierAsync(cancellation);
        var model = await session.Get<IModelStore>().RollBackAsync(classifier.Name, by, cancellation)
            ?? throw new CommandFailure($"No version of '{classifier.Name}' has served before the present one");
        return PromoteCommand.Tell(session, model);
    }
}
