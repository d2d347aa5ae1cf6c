namespace TicketAspire.Classifier.Features;

/// <summary>
/// What a word counts for in the characters' view. The view is a sum over the different words of a text, each with all its
/// n-grams: what a word adds can then be computed once and remembered, and a prediction costs a look-up for each word
/// instead of one for each n-gram. Measured, this is as accurate as counting each n-gram over the text (README.md).
/// </summary>
internal static class WordValue
{
    private static readonly float[] Logarithms = [.. Enumerable.Range(0, 64).Select(count => MathF.Log2(1 + count))];

    /// <summary>The logarithm of a word's occurrences: 1 for one; a long text is not ruled by its commonest word.</summary>
    public static float Of(int count) => count < Logarithms.Length ? Logarithms[count] : MathF.Log2(1 + count);

    /// <summary>What a word adds to the square of the text's length: as if no two words shared an n-gram.</summary>
    /// <param name="value">The word's value.</param>
    /// <param name="grams">How many n-grams it has, known or not.</param>
    public static double Square(float value, int grams) => (double)value * value * grams;

    /// <summary>What to multiply all values by, given the square of the text's length; 0 without a word.</summary>
    public static float Scale(double squares) => squares == 0 ? 0 : (float)(1 / Math.Sqrt(squares));
}
