using System.CommandLine;
using TicketAspire.Contracts;
using TicketAspire.Retrainer.Comparisons;

namespace TicketAspire.Retrainer.CommandLine;

/// <summary><c>models compare</c>: two versions side by side.</summary>
internal static class CompareCommand
{
    private const int TextsDefault = 10;
    private const int TextShown = 100;

    /// <summary>The command.</summary>
    public static Command Create(CommandScope scope)
    {
        var (first, second) = (CommandArguments.Version("first"), CommandArguments.Version("second"));
        var texts = new Option<int>("--texts")
        {
            Description = "How many texts to list on which they differ",
            HelpName = "n",
            DefaultValueFactory = _ => TextsDefault,
        }.AtLeast(0);
        var command = new Command(
            "compare",
            "Asks two versions the same: the hold-out as it is now, and feedback that neither was trained with.")
        {
            first,
            second,
            texts,
        };
        scope.Example(command, "models compare 1 2 -c tickets");
        scope.Handle(command, async (session, parsed, cancellation) =>
        {
            var classifier = await session.ClassifierAsync(cancellation);
            var one = await session.ModelAsync(classifier, parsed.GetValue(first), cancellation);
            var other = await session.ModelAsync(classifier, parsed.GetValue(second), cancellation);
            Tell(session, await session.Get<ModelComparing>().CompareAsync(classifier, one, other, parsed.GetValue(texts), cancellation));
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Tell(CommandSession session, ModelComparison compared)
    {
        if (session.Console.IsJson)
        {
            session.Console.Json(compared, ContractsJson.Default.ModelComparison);
            return;
        }

        var (one, other) = (Figures.Count(compared.First), Figures.Count(compared.Second));
        session.Console.Facts(
            ("hold-out", $"{compared.HoldOut} texts, {compared.Differing} answered differently"),
            ($"accuracy of {one}", Figures.Share(compared.FirstAccuracy)),
            ($"accuracy of {other}", Figures.Share(compared.SecondAccuracy)),
            ($"only {one} right", Figures.Count(compared.OnlyFirst)),
            ($"only {other} right", Figures.Count(compared.OnlySecond)),
            ("by chance", $"{Figures.Share(compared.Probability)} (two-sided McNemar)"),
            ("unseen feedback", compared.Unseen.Entries == 0
                ? "none"
                : $"{compared.Unseen.Entries} texts: {one} right on {compared.Unseen.FirstRight}, {other} on {compared.Unseen.SecondRight}"));
        session.Console.Table(
            ["label", "#texts", $"#found by {one}", $"#by {other}", $"#F1 of {one}", $"#of {other}"],
            compared.Classes.Select(label => new[]
            {
                label.Label, Figures.Count(label.Support), Figures.Count(label.FirstRight), Figures.Count(label.SecondRight),
                Figures.Share(label.FirstF1), Figures.Share(label.SecondF1),
            }));
        if (compared.Tickets.Count > 0)
        {
            session.Console.Table(
                ["text", "label", $"answer of {one}", $"of {other}"],
                compared.Tickets.Select(ticket => new[] { OneLine.Of(ticket.Text, TextShown), ticket.Label, ticket.First, ticket.Second }));
        }
    }
}
