using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using TicketAspire.Classifier;

namespace TicketAspire.Benchmarks;

/// <summary>Reads a CSV of labelled texts and cuts it into a part to train on and a part to judge on.</summary>
internal static class LabelledFile
{
    /// <summary>The seed of all splits.</summary>
    public const int Seed = 1;

    private const int TestShare = 5;

    private static readonly string[] TextColumns = ["text", "document"];
    private static readonly string[] LabelColumns = ["label", "category", "intent", "topic_group"];

    public static List<LabelledText> Read(string path)
    {
        using var reader = new CsvReader(new StreamReader(path), new CsvConfiguration(CultureInfo.InvariantCulture));
        reader.Read();
        reader.ReadHeader();
        var header = reader.HeaderRecord!.Select(column => column.ToLowerInvariant()).ToList();
        var text = header.FindIndex(TextColumns.Contains);
        var label = header.FindIndex(LabelColumns.Contains);
        var examples = new List<LabelledText>();
        while (reader.Read())
        {
            examples.Add(new LabelledText(reader.GetField(text)!, reader.GetField(label)!));
        }

        return examples;
    }

    /// <summary>Every label gives some of its texts, drawn by a seeded shuffle, to the test part.</summary>
    /// <param name="examples">All texts.</param>
    /// <param name="seed">Seeds the shuffle.</param>
    /// <param name="tests">How many of a label's so many texts; null for one in five.</param>
    public static (List<LabelledText> Train, List<LabelledText> Test) Split(
        List<LabelledText> examples, int seed, Func<int, int>? tests = null)
    {
        var random = new Random(seed);
        var train = new List<LabelledText>();
        var test = new List<LabelledText>();
        foreach (var group in examples.GroupBy(example => example.Label).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var shuffled = group.ToArray();
            random.Shuffle(shuffled);
            var cut = tests?.Invoke(shuffled.Length) ?? shuffled.Length / TestShare;
            test.AddRange(shuffled[..cut]);
            train.AddRange(shuffled[cut..]);
        }

        return (train, test);
    }
}
