namespace TicketAspire.Classifier.Features;

/// <summary>What a feature counts for in a text.</summary>
internal static class FeatureValue
{
    private static readonly float[] Logarithms = [.. Enumerable.Range(0, 64).Select(count => MathF.Log(1 + count))];

    /// <summary>
    /// Words count as often as they occur; character n-grams by the logarithm (they occur in many words, and a long text
    /// would be ruled by the commonest). Measured in README.md.
    /// </summary>
    public static float Of(FeatureView view, int count) =>
        view == FeatureView.Words ? count
        : count < Logarithms.Length ? Logarithms[count]
        : MathF.Log(1 + count);

    /// <summary>What to multiply the values by so that their squares add up to 1; 0 when there are none.</summary>
    public static float Scale(ReadOnlySpan<float> values)
    {
        var squares = 0.0;
        foreach (var value in values)
        {
            squares += (double)value * value;
        }

        return squares == 0 ? 0 : (float)(1 / Math.Sqrt(squares));
    }
}
