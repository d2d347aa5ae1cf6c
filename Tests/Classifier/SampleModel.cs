using TicketAspire.Classifier;
using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Model;

namespace TicketAspire.Tests.Classifier;

/// <summary>A model of the sample tickets, trained once for a class of tests.</summary>
public sealed class SampleModel
{
    /// <summary>What the training gave.</summary>
    public TrainedClassifier Trained { get; } = Trainer.Train(SampleTickets.All, new TrainingSettings());

    /// <summary>The model: linear and with a network beside it.</summary>
    public TextClassifier Model => Trained.Model;

    /// <summary>A model that is linear alone.</summary>
    public TextClassifier Linear { get; } = Trainer.Train(SampleTickets.All, new TrainingSettings { Level = TrainingLevel.Quick }).Model;

    /// <summary>
    /// A model made by hand: two labels, "bad" and "good", and a row of weights for each of these words alone.
    /// </summary>
    internal static TextClassifier ByHand(float[] biases, params (string Word, float Bad, float Good)[] words)
    {
        var rows = words
            .Select(word => (Feature: Features.Of(word.Word, FeatureView.Words).Single().Hash, Weights: new[] { word.Bad, word.Good }))
            .OrderBy(row => row.Feature)
            .ToArray();
        return new TextClassifier(["bad", "good"], biases, [View([.. rows.Select(row => row.Feature)], [.. rows.Select(row => row.Weights)])]);
    }

    /// <summary>A words' view with a row of weights for each of these features.</summary>
    internal static ViewWeights View(uint[] features, float[][] weights) => new(
        FeatureView.Words, features, ByteRows.Round(weights[0].Length, weights.Length, (i, row) => weights[i].CopyTo(row)), new ByteRows(0, []));
}
