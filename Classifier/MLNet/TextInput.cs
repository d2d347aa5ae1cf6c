namespace TicketAspire.Classifier.MLNet;

/// <summary>What goes into a pipeline.</summary>
public sealed class TextInput
{
    /// <summary>The text.</summary>
    public string Text { get; set; } = string.Empty;
}
