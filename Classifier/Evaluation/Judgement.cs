namespace TicketAspire.Classifier.Evaluation;

/// <summary>One answer of a model beside the truth.</summary>
/// <param name="Label">The correct label.</param>
/// <param name="Predicted">The model's answer.</param>
/// <param name="Confidence">How sure the model was, 0 to 1.</param>
public readonly record struct Judgement(string Label, string Predicted, double Confidence)
{
    /// <summary>The share of the text's words that the model did not know, 0 to 1.</summary>
    public double UnknownWords { get; init; }

    /// <summary>True if the answer was right.</summary>
    public bool Right => Predicted == Label;
}
