namespace TicketAspire.Classifier;

/// <summary>A text with its correct label, to learn from or to measure with.</summary>
/// <param name="Text">The text.</param>
/// <param name="Label">Its label.</param>
/// <param name="Importance">How much it counts in training; 1 is normal, feedback counts more.</param>
public sealed record LabelledText(string Text, string Label, float Importance = 1);
