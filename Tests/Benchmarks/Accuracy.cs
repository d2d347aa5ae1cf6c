using System.Globalization;
using System.Runtime.InteropServices;
using TicketAspire.Benchmarks.Peers;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Engines;

namespace TicketAspire.Benchmarks;

/// <summary>How good and how fast the classifier is on labelled files, beside others: a table at the end.</summary>
internal static class Accuracy
{
    public static int Run(string[] files, bool peers)
    {
        var rows = new List<(string File, string Name, Measurement Ours)>();
        var others = new List<(string File, PeerResult Peer)>();
        foreach (var file in files)
        {
            var name = Path.GetFileNameWithoutExtension(file);
            foreach (var level in Enum.GetValues<TrainingLevel>())
            {
                Console.Error.WriteLine($"{name}: {level} …");
                rows.Add((name, level.ToString().ToLowerInvariant(), Measurement.OfSplit(file, level)));
            }

            foreach (var engine in Measurement.Engines.Names.Where(engine => engine != EngineNames.Own))
            {
                Console.Error.WriteLine($"{name}: {engine} …");
                rows.Add((name, engine, Measurement.OfSplit(file, TrainingLevel.Thorough, engine)));
            }

            if (peers)
            {
                Console.Error.WriteLine($"{name}: peers …");
                others.AddRange(PeerComparison.Run(file).Select(peer => (name, peer)));
            }
        }

        Console.WriteLine(Machine());
        PrintOurs(rows);
        if (others.Count > 0)
        {
            PrintPeers(rows, others);
        }

        return 0;
    }

    /// <summary>The machine in a line.</summary>
    public static string Machine()
    {
        var model = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : null;
        return $"{Environment.ProcessorCount} cores ({model ?? RuntimeInformation.ProcessArchitecture.ToString()}), {RuntimeInformation.OSDescription}, .NET {Environment.Version}";
    }

    private static void PrintOurs(List<(string File, string Name, Measurement Ours)> rows)
    {
        Console.WriteLine();
        Console.WriteLine("| file | level | train / test | labels | accuracy | macro-F1 | calibration error | coverage at 95 % | at 99 % | training, all included | cpu | peak | one prediction | load (first) | file |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var (file, level, row) in rows)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {file} | {level} | {row.Train:N0} / {row.Test:N0} | {row.Labels} | {row.Accuracy:F4} | {row.MacroF1:F4} | {row.CalibrationError:F4} | {row.Coverage95:P1} | {row.Coverage99:P1} | {row.Seconds:F1} s | {row.CpuSeconds:F1} s | {row.PeakMegabytes:F0} MB | {row.PredictMicros:F1} µs | {row.LoadMillis:F0} ms ({row.FirstLoadMillis:F0}) | {row.FileMegabytes:F1} MB |"));
        }
    }

    private static void PrintPeers(
        List<(string File, string Name, Measurement Ours)> rows, List<(string File, PeerResult Peer)> others)
    {
        Console.WriteLine();
        Console.WriteLine("On the same splits; times in multiples of ours at the thorough level.");
        Console.WriteLine("| file | classifier | accuracy | macro-F1 | calibration error | coverage at 95 % | at 99 % | training cpu | one prediction | file |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var file in rows.GroupBy(row => row.File))
        {
            var unit = file.Last(row => row.Name != EngineNames.MLNet).Ours;
            foreach (var (_, name, ours) in file)
            {
                Print(file.Key, $"ours, {name}", ours.Accuracy, ours.MacroF1, ours.CalibrationError, ours.Coverage95, ours.Coverage99, ours.CpuSeconds, ours.PredictMicros, ours.FileMegabytes, unit);
            }

            foreach (var (_, peer) in others.Where(other => other.File == file.Key))
            {
                Print(file.Key, peer.Name, peer.Accuracy, peer.MacroF1, peer.CalibrationError, peer.Coverage95, peer.Coverage99, peer.CpuSeconds, peer.PredictMicros, peer.Megabytes, unit);
            }
        }
    }

    private static void Print(
        string file, string name, double accuracy, double f1, double? error, double? at95, double? at99, double cpu, double micros, double size, Measurement unit)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {file} | {name} | {accuracy:F4} | {f1:F4} | {Optional(error, "F4")} | {Optional(at95, "P1")} | {Optional(at99, "P1")} | {cpu / unit.CpuSeconds:F2} × | {micros / unit.PredictMicros:F1} × | {size:F1} MB |"));
    }

    private static string Optional(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "–";
}
