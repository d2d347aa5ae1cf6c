using System.CommandLine;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Engines;
using TicketAspire.Classifier.Evaluation;
using TicketAspire.Contracts;
using TicketAspire.Retrainer.Runs;
using TicketAspire.ServiceDefaults.Settings;
using TicketAspire.Storage;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary><c>evaluate</c>: measures a version anew.</summary>
internal static class EvaluateCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandScope scope)
    {
        var version = new Option<int?>("--model", "-m") { Description = "The version [default: the one in service]", HelpName = "version" }.AtLeast(1);
        var file = new Option<string?>("--file", "-f")
        {
            Description = "A CSV with labelled texts to measure on; '-' is the standard input [default: the hold-out]",
            HelpName = "labelled.csv",
        };
        var reading = new CsvReading();
        var command = new Command(
            "evaluate",
            "Measures a version on the hold-out as it is now, or on a labelled file.")
        {
            version,
            file,
        };
        reading.AddTo(command);
        scope.Example(command, "evaluate -c tickets --file labelled.csv");
        scope.Handle(command, async (session, parsed, cancellation) =>
        {
            var classifier = await session.ClassifierAsync(cancellation);
            var number = parsed.GetValue(version) ?? classifier.Champion
                ?? throw new CommandFailure($"No version of '{classifier.Name}' is in service yet: train one first");
            await session.ModelAsync(classifier, number, cancellation);
            var model = session.Get<EngineCatalog>().Read(await session.Get<IModelStore>().ReadAsync(classifier.Name, number, cancellation));
            var texts = parsed.GetValue(file) is { } csv
                ? await LabelledAsync(session, parsed, reading, csv, model, cancellation)
                : await HoldOutAsync(session, classifier, cancellation);
            Tell(session, classifier, number, await MeasureAsync(session, classifier, model, texts, cancellation));
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<IReadOnlyList<LabelledText>> HoldOutAsync(
        CommandSession session, ClassifierInfo classifier, CancellationToken cancellation)
    {
        var gathered = await session.Get<ExampleGathering>().GatherAsync(classifier, FeedbackRanges.None, cancellation);
        return gathered.HoldOut.Count > 0
            ? gathered.HoldOut
            : throw new CommandFailure($"The data set of '{classifier.Name}' is too small for a hold-out: measure on a file (--file)");
    }

    private static async Task<IReadOnlyList<LabelledText>> LabelledAsync(
        CommandSession session, ParseResult parsed, CsvReading reading, string csv, TextModel model, CancellationToken cancellation)
    {
        var texts = new List<LabelledText>();
        var read = await reading.ReadAsync(
            session, parsed, csv, example => texts.Add(new LabelledText(example.Text, example.Label)), cancellation);
        if (read.Skipped > 0)
        {
            session.Console.Note($"{read.Skipped} of {read.Rows} rows are left out; the first is at line {read.Problems[0].Line}: {read.Problems[0].Problem}");
        }

        string[] unknown = [.. read.Statistics.Labels.Keys.Except(model.Labels, StringComparer.Ordinal)];
        if (unknown.Length > 0)
        {
            session.Console.Note($"The model does not know {string.Join(", ", unknown.Take(10).Select(label => $"'{label}'"))}{(unknown.Length > 10 ? ", …" : string.Empty)}: such texts count as wrong");
        }

        return texts;
    }

    private static Task<ModelMetrics> MeasureAsync(
        CommandSession session, ClassifierInfo classifier, TextModel model, IReadOnlyList<LabelledText> texts, CancellationToken cancellation)
    {
        var defaults = session.Get<ClassifierDefaults>();
        return Task.Run(
            () => Measuring.Of(
                outOfFold: [],
                EvaluationReport.Judge(model, texts),
                defaults.TargetPrecision(classifier),
                defaults.LeastThreshold),
            cancellation);
    }

    private static void Tell(CommandSession session, ClassifierInfo classifier, int version, ModelMetrics metrics)
    {
        if (session.Console.IsJson)
        {
            session.Console.Json(metrics, ContractsJson.Default.ModelMetrics);
            return;
        }

        session.Console.Facts([("model", $"{classifier.Name} {version}"), .. Figures.Facts(metrics)]);
        session.Console.Table(
            ["label", "#precision", "#recall", "#F1", "#texts"],
            metrics.Classes.Select(label => new[]
            {
                label.Label, Figures.Share(label.Precision), Figures.Share(label.Recall), Figures.Share(label.F1), Figures.Count(label.Support),
            }));
    }
}
