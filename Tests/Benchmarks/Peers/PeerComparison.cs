using System.Diagnostics;
using System.Globalization;
using CsvHelper;
using TicketAspire.Classifier;

namespace TicketAspire.Benchmarks.Peers;

/// <summary>The same split given to well-known classifiers, where they are installed.</summary>
internal static class PeerComparison
{
    /// <summary>Debian's own Python: where its package of scikit-learn is.</summary>
    private const string Python = "/usr/bin/python3";

    public static void Print(IReadOnlyList<LabelledText> train, IReadOnlyList<LabelledText> test)
    {
        if (!File.Exists(Python))
        {
            Console.Error.WriteLine($"{Python} is not there: no peers to compare with.");
            return;
        }

        var folder = Directory.CreateTempSubdirectory("peers-").FullName;
        try
        {
            var files = new[] { Write(folder, "train.csv", train), Write(folder, "test.csv", test) };
            Console.WriteLine("| peer | accuracy | macro-F1 | train cpu s | predict cpu µs | model MB |");
            Console.WriteLine("|---|---|---|---|---|---|");
            using var process = Process.Start(new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, "Peers", "peers.py"), .. files])
            {
                UseShellExecute = false,
            })!;
            process.WaitForExit();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Write(string folder, string name, IReadOnlyList<LabelledText> examples)
    {
        var path = Path.Combine(folder, name);
        using var writer = new CsvWriter(new StreamWriter(path), CultureInfo.InvariantCulture);
        writer.WriteRecords(examples.Select(example => new { label = example.Label, text = example.Text }));
        return path;
    }
}
