using System.CommandLine;
using TicketAspire.Contracts;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary><c>models</c>: lists a classifier's versions; with a further word compares, deletes, downloads or imports some.</summary>
internal static class ModelsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandScope scope)
    {
        var command = new Command(
            "models", "Lists a classifier's versions, newest first; compares, deletes, prunes, downloads or imports some.")
        {
            CompareCommand.Create(scope),
            DeleteCommand.Create(scope),
            PruneCommand.Create(scope),
            DownloadCommand.Create(scope),
            ImportModelCommand.Create(scope),
        };
        scope.Example(command, "models -c tickets");
        scope.Handle(command, (session, _, cancellation) => ListAsync(session, cancellation));
        return command;
    }

    private static async Task<int> ListAsync(CommandSession session, CancellationToken cancellation)
    {
        var classifier = await session.ClassifierAsync(cancellation);
        var models = await session.Get<IModelStore>().ListAsync(classifier.Name, cancellation);
        if (session.Console.IsJson)
        {
            session.Console.Json(models, ContractsJson.Default.IReadOnlyListModelInfo);
            return ExitCodes.Done;
        }

        session.Console.Table(
            ["#version", "state", "#accuracy", "#examples", "#KiB", "promoted by", "at (UTC)", "engine", "lineage", "reason"],
            models.Select(model => new[]
            {
                Figures.Count(model.Version),
                model.State.Word,
                Figures.Share(model.Metrics.Accuracy),
                Figures.Count(model.Lineage.Examples),
                Figures.Count((model.Size + 1023) / 1024),
                model.PromotedBy ?? string.Empty,
                Figures.Time(model.PromotedAt),
                model.Lineage.Engine,
                Figures.Short(model.Lineage),
                model.Reason,
            }));
        return ExitCodes.Done;
    }
}
