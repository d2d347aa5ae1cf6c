using System.Text;
using TicketAspire.Contracts;

namespace TicketAspire.Tests.Support;

/// <summary>A dozen examples of each of three categories that have no word in common: trained in a moment, and never in doubt.</summary>
public static class SmallClassifier
{
    public const string Printer = "printer";
    public const string Network = "network";
    public const string Holiday = "holiday";

    public const string PrinterText = "the printer has a paper jam";
    public const string NetworkText = "wifi connection drops";
    public const string HolidayText = "vacation request approval";

    private static readonly string[] Beginnings = ["", "please: ", "urgent ", "since monday ", "again, ", "hello, "];

    private static readonly (string Label, string[] Texts)[] Words =
    [
        (Printer, ["the printer has a paper jam", "toner cartridge empty in printer"]),
        (Network, ["wifi connection drops", "vpn network unreachable from router"]),
        (Holiday, ["vacation request approval", "annual leave days for summer vacation"]),
    ];

    public static IReadOnlyList<Example> Examples { get; } =
        [.. from label in Words from beginning in Beginnings from text in label.Texts select new Example(beginning + text, label.Label)];

    public static string Csv { get; } = ToCsv(Examples);

    /// <summary>The same texts with the labels of <see cref="Printer"/> and <see cref="Network"/> exchanged.</summary>
    public static string ExchangedCsv { get; } = ToCsv(Examples.Select(example => example with
    {
        Label = example.Label switch { Printer => Network, Network => Printer, var other => other },
    }));

    public static string ToCsv(IEnumerable<Example> examples) =>
        examples.Aggregate(
            new StringBuilder("text,label\n"),
            (csv, example) => csv.Append('"').Append(example.Text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append("\",").Append(example.Label).Append('\n'),
            csv => csv.ToString());
}
