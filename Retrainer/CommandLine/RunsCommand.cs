using System.CommandLine;
using TicketAspire.Contracts;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary><c>runs</c>: the trainings so far.</summary>
internal static class RunsCommand
{
    private const int Default = 20;

    /// <summary>The command.</summary>
    public static Command Create(CommandScope scope)
    {
        var limit = new Option<int>("--limit")
        {
            Description = "How many at most",
            HelpName = "n",
            DefaultValueFactory = _ => Default,
        }.AtLeast(1);
        var command = new Command("runs", "Lists a classifier's trainings, newest first.") { limit };
        scope.Example(command, "runs -c tickets --limit 5");
        scope.Handle(command, (session, parsed, cancellation) => ListAsync(session, parsed.GetValue(limit), cancellation));
        return command;
    }

    private static async Task<int> ListAsync(CommandSession session, int limit, CancellationToken cancellation)
    {
        var classifier = await session.ClassifierAsync(cancellation);
        var runs = await session.Get<IRunStore>().ListAsync(classifier.Name, limit, cancellation);
        if (session.Console.IsJson)
        {
            session.Console.Json(runs, ContractsJson.Default.IReadOnlyListRetrainingRun);
            return ExitCodes.Done;
        }

        session.Console.Table(
            ["#run", "trigger", "state", "requested (UTC)", "#seconds", "#version", "reason"],
            runs.Select(run => new[]
            {
                Figures.Count(run.Id),
                run.Trigger.Word,
                run.State.Word,
                Figures.Time(run.RequestedAt),
                run is { StartedAt: { } start, EndedAt: { } end } ? Figures.Count((long)Math.Ceiling((end - start).TotalSeconds)) : string.Empty,
                run.Model is { } version ? Figures.Count(version) : string.Empty,
                run.Reason ?? string.Empty,
            }));
        return ExitCodes.Done;
    }
}
