using System.CommandLine;
using Microsoft.Extensions.Options;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary><c>models prune</c>: deletes the versions that nobody will come back to.</summary>
internal static class PruneCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandScope scope)
    {
        var keep = new Option<int?>("--keep")
        {
            Description = "How many of the newest stay [default: Retraining:KeepModels, else 20]",
            HelpName = "n",
        }.AtLeast(0);
        var days = new Option<int?>("--served-within")
        {
            Description = "What has served in so many days stays [default: Retraining:KeepFormer, else 30]",
            HelpName = "days",
        }.AtLeast(0);
        var command = new Command(
            "prune",
            "Deletes all versions but the one in service, the challenger, the newest, and those that served lately.")
        {
            keep,
            days,
        };
        scope.Example(command, "models prune --keep 5 --served-within 7");
        scope.Handle(command, async (session, parsed, cancellation) =>
        {
            var classifier = await session.ClassifierAsync(cancellation);
            var options = session.Get<IOptions<RetrainingOptions>>().Value;
            var served = parsed.GetValue(days) is { } number ? TimeSpan.FromDays(number) : options.KeepFormer;
            var deleted = await session.Get<IModelStore>().PruneAsync(
                classifier.Name,
                parsed.GetValue(keep) ?? options.KeepModels,
                session.Get<TimeProvider>().GetUtcNow() - served,
                cancellation);
            return DeleteCommand.Tell(session, classifier.Name, deleted);
        });
        return command;
    }
}
