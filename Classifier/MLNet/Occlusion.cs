using TicketAspire.Classifier.Text;

namespace TicketAspire.Classifier.MLNet;

/// <summary>
/// Explains a model that can only be asked: a word's weight is by how much the label's score falls when the word is left out.
/// </summary>
internal static class Occlusion
{
    /// <summary>Words beyond this many are not left out, and have no weight: each costs a prediction.</summary>
    public const int MostWords = 40;

    /// <summary>Nor are words of a long text, beyond so many characters that the model would have to read for it.</summary>
    private const int MostCharacters = 100_000;

    /// <summary>No confidence is taken for less: the logarithm of none is infinite.</summary>
    private const double Least = 1e-6;

    /// <summary>What each word adds to a label's score.</summary>
    public static Explanation Explain(TextModel model, ReadOnlySpan<char> text, int label)
    {
        var tokens = new TokenBuffer();
        tokens.Read(text);
        var confidences = new double[model.Labels.Count];
        var score = Score(model, text, label, confidences);
        var bias = Score(model, default, label, confidences);
        var words = new ExplainedWord[tokens.Count];
        var sum = 0f;
        var asked = Math.Min(MostWords, MostCharacters / Math.Max(1, text.Length));
        for (var i = 0; i < words.Length; i++)
        {
            var (start, length) = (tokens.Tokens[i].SourceStart, tokens.Tokens[i].SourceLength);
            var weight = i < asked
                ? score - Score(model, string.Concat(text[..start], text[(start + length)..]), label, confidences)
                : 0;
            words[i] = new ExplainedWord(start, length, weight);
            sum += weight;
        }

        return new Explanation(bias, words, score - bias - sum);
    }

    // The label's log-odds against the (geometric) average label.
    private static float Score(TextModel model, ReadOnlySpan<char> text, int label, double[] confidences)
    {
        model.Predict(text, confidences);
        return (float)(Math.Log(Math.Max(Least, confidences[label])) - confidences.Average(confidence => Math.Log(Math.Max(Least, confidence))));
    }
}
