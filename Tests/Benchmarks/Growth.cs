using System.Globalization;
using TicketAspire.Classifier;

namespace TicketAspire.Benchmarks;

/// <summary>How time and memory of a training grow with the number of tickets.</summary>
internal static class Growth
{
    private static readonly int[] Sizes = [10_000, 30_000, 100_000, 300_000, 1_000_000];

    public static int Run(string file, string[] sizes)
    {
        int[] wanted = sizes.Length == 0 ? Sizes : [.. sizes.Select(size => int.Parse(size, CultureInfo.InvariantCulture))];
        Console.WriteLine(Accuracy.Machine());
        Console.WriteLine("| tickets | level | training | per ticket | cpu | peak | file |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var level in Enum.GetValues<TrainingLevel>())
        {
            foreach (var size in wanted)
            {
                var row = Measurement.OfGrowth(file, level, size);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {row.Train:N0} | {level.ToString().ToLowerInvariant()} | {row.Seconds:F1} s | {1e6 * row.Seconds / row.Train:F0} µs | {row.CpuSeconds:F1} s | {row.PeakMegabytes:F0} MB | {row.FileMegabytes:F1} MB |"));
            }
        }

        return 0;
    }

    /// <summary>
    /// So many texts: drawn from the file's, and beyond those the first half of one and the second half of another of the
    /// same label. New pairs of words then keep coming, as they do in real text.
    /// </summary>
    public static List<LabelledText> Grow(List<LabelledText> examples, int texts)
    {
        var random = new Random(LabelledFile.Seed);
        var shuffled = examples.ToArray();
        random.Shuffle(shuffled);
        var grown = shuffled.Take(texts).ToList();
        var byLabel = shuffled.GroupBy(example => example.Label).ToDictionary(group => group.Key, group => group.Select(example => example.Text.Split(' ')).ToArray());
        while (grown.Count < texts)
        {
            var label = shuffled[random.Next(shuffled.Length)].Label;
            var first = byLabel[label][random.Next(byLabel[label].Length)];
            var second = byLabel[label][random.Next(byLabel[label].Length)];
            grown.Add(new LabelledText(string.Join(' ', [.. first[..(first.Length / 2)], .. second[(second.Length / 2)..]]), label));
        }

        return grown;
    }
}
