using Microsoft.ML.Data;

namespace TicketAspire.Classifier.MLNet;

/// <summary>What comes out of a pipeline: a text's features, or the labels' scores.</summary>
public sealed class TextOutput
{
    /// <summary>The numbers; the engine's own until it is asked again.</summary>
    public VBuffer<float> Values { get; set; }
}
