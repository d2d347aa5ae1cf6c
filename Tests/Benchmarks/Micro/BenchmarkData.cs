using TicketAspire.Classifier;

namespace TicketAspire.Benchmarks.Micro;

/// <summary>What the micro-benchmarks work on: models of 80 % of a file, and texts of the rest.</summary>
internal static class BenchmarkData
{
    /// <summary>How many texts an operation goes through; times are for one of them.</summary>
    public const int Texts = 1000;

    private static readonly Dictionary<TrainingLevel, TextClassifier> Models = [];
    private static (List<LabelledText> Train, List<LabelledText> Test) _split;

    /// <summary>Texts that no model was trained on.</summary>
    public static string[] Unseen => [.. _split.Test.Where((_, i) => i % 7 == 0).Take(Texts).Select(example => example.Text)];

    /// <summary>Reads the file.</summary>
    public static void Read(string file) => _split = LabelledFile.Split(LabelledFile.Read(file), LabelledFile.Seed);

    /// <summary>The model of a level.</summary>
    public static TextClassifier Model(TrainingLevel level)
    {
        if (!Models.TryGetValue(level, out var model))
        {
            Models[level] = model = Trainer.Train(_split.Train, new TrainingSettings { Level = level }).Model;
        }

        return model;
    }
}
