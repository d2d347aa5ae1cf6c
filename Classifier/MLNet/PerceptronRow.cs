using Microsoft.ML.Data;

namespace TicketAspire.Classifier.MLNet;

/// <summary>What a perceptron learns from.</summary>
internal sealed class PerceptronRow
{
    /// <summary>Whether the text has the perceptron's label.</summary>
    public bool Label { get; set; }

    /// <summary>Its features.</summary>
    public VBuffer<float> Features { get; set; }
}
