using TicketAspire.Classifier;
using TicketAspire.Classifier.Features;

namespace TicketAspire.Tests.Classifier;

/// <summary>A model of the sample tickets, trained once for a class of tests.</summary>
public sealed class SampleModel
{
    /// <summary>What the training gave.</summary>
    public TrainedClassifier Trained { get; } = Trainer.Train(SampleTickets.All, new TrainingSettings());

    /// <summary>The model.</summary>
    public TextClassifier Model => Trained.Model;

    /// <summary>
    /// A model made by hand: two labels, "bad" and "good", and a row of weights for each of these words alone.
    /// </summary>
    internal static TextClassifier ByHand(float[] biases, params (string Word, float Bad, float Good)[] words)
    {
        var rows = words
            .Select(word => (Feature: Features.Of(word.Word, FeatureView.Words).Single().Hash, Weights: new[] { word.Bad, word.Good }))
            .OrderBy(row => row.Feature)
            .ToArray();
        return new TextClassifier(
            ["bad", "good"],
            biases,
            [ViewWeights.Quantize(FeatureView.Words, [.. rows.Select(row => row.Feature)], [.. rows.Select(row => row.Weights)])]);
    }
}
