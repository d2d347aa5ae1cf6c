using System.CommandLine;
using TicketAspire.Contracts;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary><c>promote</c>: puts a version in service.</summary>
internal static class PromoteCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandScope scope)
    {
        var (version, by) = (CommandArguments.Version(), CommandArguments.By());
        var command = new Command(
            "promote", "Puts a version in service; running services change over at once.")
        {
            version,
            by,
        };
        scope.Example(command, "promote 3 -c tickets --by anna");
        scope.Handle(command, (session, parsed, cancellation) =>
            PromoteAsync(session, parsed.GetValue(version), parsed.GetValue(by)!, cancellation));
        return command;
    }

    /// <summary>Tells which version serves now.</summary>
    public static int Tell(CommandSession session, ModelInfo model)
    {
        if (session.Console.IsJson)
        {
            session.Console.Json(model, ContractsJson.Default.ModelInfo);
        }
        else
        {
            session.Console.Line($"Version {model.Version} of {model.Classifier} serves now (accuracy {Figures.Share(model.Metrics.Accuracy)}).");
        }

        return ExitCodes.Done;
    }

    private static async Task<int> PromoteAsync(CommandSession session, int version, string by, CancellationToken cancellation)
    {
        var classifier = await session.ClassifierAsync(cancellation);
        var known = await session.ModelAsync(classifier, version, cancellation);
        return Tell(session, await session.Get<IModelStore>().PromoteAsync(classifier.Name, version, by, cancellation) ?? known);
    }
}
