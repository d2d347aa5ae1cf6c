using System.Diagnostics;
using TicketAspire.Benchmarks.Peers;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Evaluation;

namespace TicketAspire.Benchmarks;

/// <summary>How good and how fast the classifier is on labelled files.</summary>
internal static class Accuracy
{
    private const int Seed = 1;

    public static int Run(string[] files, bool peers)
    {
        Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}");
        foreach (var file in files)
        {
            if (peers || file == files[0])
            {
                PrintHeader();
            }

            var (train, test) = LabelledFile.Split(LabelledFile.Read(file), Seed);
            PrintRow(file, train, test);
            if (peers)
            {
                PeerComparison.Print(train, test);
            }
        }

        return 0;
    }

    private static void PrintHeader()
    {
        Console.WriteLine("| file | train | test | labels | accuracy | macro-F1 | calibration error | coverage at 95 % | at 99 % | train s | train cpu s | predict cpu µs | model MB | peak MB |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    }

    private static void PrintRow(string file, List<LabelledText> train, List<LabelledText> test)
    {
        var process = Process.GetCurrentProcess();
        var watch = Stopwatch.StartNew();
        var cpu = process.TotalProcessorTime;
        var model = Trainer.Train(train, new TrainingSettings()).Model;
        var trained = watch.Elapsed;
        process.Refresh();
        var trainedCpu = process.TotalProcessorTime - cpu;
        var size = ModelFile.Write(model).Length;
        var judgements = EvaluationReport.Judge(model, test);
        var report = EvaluationReport.Of(judgements);
        var micros = PredictionTime(model, test);
        var peak = Process.GetCurrentProcess().PeakWorkingSet64 / 1e6;
        Console.WriteLine(FormattableString.Invariant(
            $"| {Path.GetFileName(file)} | {train.Count} | {test.Count} | {model.Labels.Count} | {report.Accuracy:F4} | {report.MacroF1:F4} | {report.CalibrationError:F4} | {RoutingThreshold.For(judgements, 0.95).Coverage:P1} | {RoutingThreshold.For(judgements, 0.99).Coverage:P1} | {trained.TotalSeconds:F1} | {trainedCpu.TotalSeconds:F1} | {micros:F1} | {size / 1e6:F1} | {peak:F0} |"));
    }

    // One thread, the third pass: those before warm the code and the caches. Processor time: others may use the machine.
    private static double PredictionTime(TextClassifier model, List<LabelledText> texts)
    {
        var confidences = new double[model.Labels.Count];
        var spent = TimeSpan.Zero;
        for (var pass = 0; pass < 3; pass++)
        {
            var begin = Process.GetCurrentProcess().TotalProcessorTime;
            foreach (var example in texts)
            {
                model.Predict(example.Text, confidences);
            }

            spent = Process.GetCurrentProcess().TotalProcessorTime - begin;
        }

        return spent.TotalMicroseconds / texts.Count;
    }
}
