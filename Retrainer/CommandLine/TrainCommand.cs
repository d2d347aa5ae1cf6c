using System.CommandLine;
using System.Globalization;
using TicketAspire.Classifier.Engines;
using TicketAspire.Contracts;
using TicketAspire.Retrainer.Runs;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary><c>train</c>: trains a classifier, here or where a retrainer takes it first.</summary>
internal static class TrainCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandScope scope)
    {
        var all = new Option<bool>("--all") { Description = "Every classifier, one after the other" };
        var level = new Option<string?>("--level") { Description = "How much time it may take [default: Retraining:Level, else thorough]" };
        level.AcceptOnlyFromAmong("quick", "thorough");
        var threads = new Option<int?>("--threads") { Description = "Threads to use [default: Retraining:Threads, else all cores]", HelpName = "n" }.AtLeast(1);
        var engine = new Option<string?>("--engine") { Description = "What to train with [default: Classifiers:{name}:Engine, else Retraining:Engine, else own]" };
        engine.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, EngineNames.Own, EngineNames.MLNet);
        var wait = new Option<bool>("--wait") { Description = "Do not train here: wait until a running retrainer has done it" };
        var command = new Command(
            "train",
            "Trains a classifier from its examples and feedback, and puts the model in service unless the gate rejects it (exit code 3).")
        {
            all,
            level,
            engine,
            threads,
            wait,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) && scope.IsNamed(result))
            {
                result.AddError("'--all' is every classifier; '--classifier' names one.");
            }

            if (result.GetValue(wait) && (result.GetValue(level) is not null || result.GetValue(threads) is not null || result.GetValue(engine) is not null))
            {
                result.AddError("With '--wait' another retrainer trains, with its own '--level', '--engine' and '--threads'.");
            }
        });
        scope.Example(command, "train -c tickets --level quick");
        scope.Handle(
            command,
            (session, parsed, cancellation) =>
            {
                session.Get<EngineTraining>().Chosen = parsed.GetValue(engine);
                return TrainAsync(session, parsed.GetValue(all), carryOut: !parsed.GetValue(wait), cancellation);
            },
            parsed => new(StringComparer.OrdinalIgnoreCase)
            {
                ["Retraining:Level"] = parsed.GetValue(level),
                ["Retraining:Threads"] = parsed.GetValue(threads)?.ToString(CultureInfo.InvariantCulture),
            });
        return command;
    }

    private static async Task<int> TrainAsync(CommandSession session, bool all, bool carryOut, CancellationToken cancellation)
    {
        var classifiers = all
            ? await session.Get<IClassifierStore>().ListAsync(cancellation)
            : [await session.ClassifierAsync(cancellation)];
        var (outcomes, codes) = (new List<TrainingOutcome>(), new List<int>());
        foreach (var classifier in classifiers)
        {
            var run = await session.Get<IRunStore>().RequestAsync(classifier.Name, RunTrigger.Request, cancellation);
            var outcome = await Training.FinishAsync(session, run, carryOut, cancellation);
            outcomes.Add(outcome);
            codes.Add(Training.Tell(session, outcome));
        }

        if (session.Console.IsJson && all)
        {
            session.Console.Json(outcomes, CommandJson.Default.IReadOnlyListTrainingOutcome);
        }
        else if (session.Console.IsJson)
        {
            session.Console.Json(outcomes[0], CommandJson.Default.TrainingOutcome);
        }

        return codes.Contains(ExitCodes.Failed) ? ExitCodes.Failed : codes.DefaultIfEmpty(ExitCodes.Done).Max();
    }
}
