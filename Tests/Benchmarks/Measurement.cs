using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Engines;
using TicketAspire.Classifier.Evaluation;
using TicketAspire.Classifier.MLNet;

namespace TicketAspire.Benchmarks;

/// <summary>
/// What a training and its model came to. Each is measured in a process of its own, as a first training is: code is
/// compiled within it, and the peak of memory is its own.
/// </summary>
/// <param name="Train">Texts trained on.</param>
/// <param name="Test">Texts judged on.</param>
/// <param name="Labels">How many labels.</param>
/// <param name="Accuracy">Share of right answers.</param>
/// <param name="MacroF1">Mean of the labels' F1.</param>
/// <param name="CalibrationError">Expected calibration error in 15 bins.</param>
/// <param name="Coverage95">Share of texts answered where the answers are right in 95 %.</param>
/// <param name="Coverage99">The same for 99 %.</param>
/// <param name="Seconds">Reading, training, judging and writing, on the wall clock.</param>
/// <param name="CpuSeconds">The same in processor time.</param>
/// <param name="PeakMegabytes">The process's largest working set until then.</param>
/// <param name="PredictMicros">One prediction on one core.</param>
/// <param name="FirstLoadMillis">The first load of the file.</param>
/// <param name="LoadMillis">The fastest of ten loads.</param>
/// <param name="FileMegabytes">Size of the model file.</param>
internal sealed record Measurement(
    int Train,
    int Test,
    int Labels,
    double Accuracy,
    double MacroF1,
    double CalibrationError,
    double Coverage95,
    double Coverage99,
    double Seconds,
    double CpuSeconds,
    double PeakMegabytes,
    double PredictMicros,
    double FirstLoadMillis,
    double LoadMillis,
    double FileMegabytes)
{
    /// <summary>The engines that are measured.</summary>
    public static readonly EngineCatalog Engines = new(new OwnEngine(), new MLNetEngine());

    /// <summary>The command of the measuring process; its answer is the last line that it prints.</summary>
    public const string Command = "measure";

    private const int PredictionPasses = 7;
    private const int Loads = 10;

    /// <summary>Trains on a stratified 80 % of a file and judges on the rest.</summary>
    public static Measurement OfSplit(string file, TrainingLevel level, string engine = EngineNames.Own) =>
        Start("split", file, level.ToString(), engine);

    /// <summary>Trains on so many texts made of a file's.</summary>
    public static Measurement OfGrowth(string file, TrainingLevel level, int texts) =>
        Start("growth", file, level.ToString(), texts.ToString(CultureInfo.InvariantCulture));

    /// <summary>Measures in this process.</summary>
    public static int Child(string[] args)
    {
        var level = Enum.Parse<TrainingLevel>(args[2]);
        var watch = Stopwatch.StartNew();
        var examples = LabelledFile.Read(args[1]);
        List<LabelledText> train, test;
        if (args[0] == "split")
        {
            (train, test) = LabelledFile.Split(examples, LabelledFile.Seed);
        }
        else
        {
            (train, test) = (Growth.Grow(examples, int.Parse(args[3], CultureInfo.InvariantCulture)), []);
            watch.Restart();
        }

        Console.WriteLine(JsonSerializer.Serialize(Measure(train, test, Engines.Get(args[0] == "split" ? args[3] : EngineNames.Own), level, watch)));
        return 0;
    }

    private static Measurement Measure(
        List<LabelledText> train, List<LabelledText> test, Engine engine, TrainingLevel level, Stopwatch watch)
    {
        var process = Process.GetCurrentProcess();
        var trained = engine.Train(train, new TrainingSettings { Level = level });
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, trained.Model.Write());
            var judgements = test.Count == 0 ? trained.OutOfFold : EvaluationReport.Judge(trained.Model, test);
            var report = EvaluationReport.Of(judgements);
            var coverage = (At95: RoutingThreshold.For(judgements, 0.95).Coverage, At99: RoutingThreshold.For(judgements, 0.99).Coverage);
            var seconds = watch.Elapsed.TotalSeconds;
            process.Refresh();
            var (cpu, peak) = (process.TotalProcessorTime.TotalSeconds, process.PeakWorkingSet64 / 1e6);
            var loads = TimeLoads(path);
            return new Measurement(
                train.Count,
                judgements.Count,
                trained.Model.Labels.Count,
                report.Accuracy,
                report.MacroF1,
                report.CalibrationError,
                coverage.At95,
                coverage.At99,
                seconds,
                cpu,
                peak,
                TimePrediction(trained.Model, test.Count == 0 ? train : test),
                loads[0],
                loads.Min(),
                new FileInfo(path).Length / 1e6);
        }
        finally
        {
            File.Delete(path);
        }
    }

    // One thread; the fastest pass, since others may use the machine in the other ones.
    private static double TimePrediction(TextModel model, List<LabelledText> texts)
    {
        var some = texts.Take(5000).ToArray();
        var confidences = new double[model.Labels.Count];
        return Enumerable.Range(0, PredictionPasses).Min(_ =>
        {
            var watch = Stopwatch.StartNew();
            foreach (var example in some)
            {
                model.Predict(example.Text, confidences);
            }

            return watch.Elapsed.TotalMicroseconds / some.Length;
        });
    }

    private static double[] TimeLoads(string path) =>
    [
        .. Enumerable.Range(0, Loads).Select(_ =>
        {
            var watch = Stopwatch.StartNew();
            Engines.Read(File.ReadAllBytes(path));
            return watch.Elapsed.TotalMilliseconds;
        }),
    ];

    private static Measurement Start(params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. ProgramFile(), Command, .. args])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<Measurement>(output)!
            : throw new InvalidOperationException($"The measuring process ended with {process.ExitCode}.");
    }

    // Started as "dotnet Benchmarks.dll", this process is dotnet; started by its own name, it is the program.
    private static string[] ProgramFile() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(Measurement).Assembly.Location] : [];
}
