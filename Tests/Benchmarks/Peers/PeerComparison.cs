using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CsvHelper;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Evaluation;

namespace TicketAspire.Benchmarks.Peers;

/// <summary>The same split given to well-known classifiers, where they are installed.</summary>
internal static class PeerComparison
{
    /// <summary>Debian's own Python: where its package of scikit-learn is.</summary>
    private const string Python = "/usr/bin/python3";

    /// <summary>Trains and judges them all; their answers are judged here, by the same code as ours.</summary>
    public static IEnumerable<PeerResult> Run(string file)
    {
        if (!File.Exists(Python))
        {
            Console.Error.WriteLine($"{Python} is not there: no peers to compare with.");
            yield break;
        }

        var (train, test) = LabelledFile.Split(LabelledFile.Read(file), LabelledFile.Seed);
        var folder = Directory.CreateTempSubdirectory("peers-").FullName;
        try
        {
            var files = new[] { Write(folder, "train.csv", train), Write(folder, "test.csv", test) };
            using var process = Process.Start(new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, "Peers", "peers.py"), .. files])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
            while (process.StandardOutput.ReadLine() is { } line)
            {
                Console.Error.WriteLine($"  {line[..Math.Min(line.Length, 60)]}…");
                yield return Judge(JsonSerializer.Deserialize<PeerAnswers>(line, JsonSerializerOptions.Web)!, test);
            }

            process.WaitForExit();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static PeerResult Judge(PeerAnswers peer, List<LabelledText> test)
    {
        var judgements = test.Select((example, i) => new Judgement(example.Label, peer.Answers[i], peer.Confidences?[i] ?? 1)).ToArray();
        var report = EvaluationReport.Of(judgements);
        var sure = peer.Confidences is not null;
        return new PeerResult(
            peer.Name,
            report.Accuracy,
            report.MacroF1,
            sure ? report.CalibrationError : null,
            sure ? RoutingThreshold.For(judgements, 0.95).Coverage : null,
            sure ? RoutingThreshold.For(judgements, 0.99).Coverage : null,
            peer.CpuSeconds,
            peer.PredictMicros,
            peer.Megabytes);
    }

    private static string Write(string folder, string name, IReadOnlyList<LabelledText> examples)
    {
        var path = Path.Combine(folder, name);
        using var writer = new CsvWriter(new StreamWriter(path), CultureInfo.InvariantCulture);
        writer.WriteRecords(examples.Select(example => new { label = example.Label, text = example.Text }));
        return path;
    }

    /// <summary>A line that the script prints.</summary>
    private sealed record PeerAnswers(
        string Name, double CpuSeconds, double PredictMicros, double Megabytes, string[] Answers, double[]? Confidences);
}
