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

    /// <summary>
    /// What to multiply a text's values by to give it unit length; 0 when there are none. What is not known counts in the
    /// length, too: it dilutes what is known, so that a text of mostly unknown words gets a low confidence.
    /// </summary>
    /// <param name="view">The view.</param>
    /// <param name="values">The values of the known features.</param>
    /// <param name="unknown">How many times a feature without a weight occurs in the text.</param>
    public static float Scale(FeatureView view, ReadOnlySpan<float> values, int unknown)
    {
        var one = Of(view, 1);
        var squares = unknown * (double)one * one;
        foreach (var value in values)
        {
            squares += (double)value * value;
        }

        return squares == 0 ? 0 : (float)(1 / Math.Sqrt(squares));
    }
}
