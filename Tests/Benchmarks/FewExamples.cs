using System.Globalization;
using TicketAspire.Classifier;
using TicketAspire.Classifier.Evaluation;

namespace TicketAspire.Benchmarks;

/// <summary>What a handful of examples of each label is good for.</summary>
internal static class FewExamples
{
    private const int Draws = 3;
    private static readonly int[] Sizes = [2, 5, 10, 20, 50];

    public static int Run(string[] files)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Mean of {Draws} draws, judged on all other texts"));
        Console.WriteLine("| file | examples of each label | level | accuracy | macro-F1 | calibration error | mean confidence |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var file in files)
        {
            var examples = LabelledFile.Read(file);
            foreach (var size in Sizes)
            {
                foreach (var level in Enum.GetValues<TrainingLevel>())
                {
                    var judgements = Enumerable.Range(0, Draws).SelectMany(seed => Judge(examples, size, level, seed)).ToArray();
                    var report = EvaluationReport.Of(judgements);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"| {Path.GetFileNameWithoutExtension(file)} | {size} | {level.ToString().ToLowerInvariant()} | {report.Accuracy:F3} | {report.MacroF1:F3} | {report.CalibrationError:F3} | {judgements.Average(judgement => judgement.Confidence):F3} |"));
                }
            }
        }

        return 0;
    }

    private static IReadOnlyList<Judgement> Judge(List<LabelledText> examples, int size, TrainingLevel level, int seed)
    {
        var (train, test) = LabelledFile.Split(examples, seed, texts => Math.Max(0, texts - size));
        return EvaluationReport.Judge(Trainer.Train(train, new TrainingSettings { Level = level }).Model, test);
    }
}
