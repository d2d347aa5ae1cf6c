namespace TicketAspire.Classifier.Features;

/// <summary>
/// How much a model may trust itself with a text, by how many of the text's words it has met. No example tells what to do
/// with texts that belong to no label, so this is set and not learned: scores are divided by up to e, which brings all
/// labels nearer to one another. What a few unknown words in ordinary texts cost is made up for where confidences are fitted.
/// </summary>
internal static class Familiarity
{
    /// <summary>
    /// The logarithm of what scores are divided by when no word is known. CLINC150's questions out of scope, sent to a person
    /// at a threshold of 0.5: 67 % with 0, 76 % with 1, 79 % with 1.5, where models of few examples begin to distrust what
    /// they could answer.
    /// </summary>
    private const double Distrust = 1;

    /// <summary>What a text's scores are multiplied by, 0.37 to 1.</summary>
    /// <param name="unknown">How many of its words are unknown, each as often as it occurs.</param>
    /// <param name="words">How many words it has.</param>
    public static float Of(int unknown, int words) => Of(UnknownShare(unknown, words));

    /// <summary>The same by the share.</summary>
    public static float Of(double unknownShare) => (float)Math.Exp(-Distrust * unknownShare);

    /// <summary>The share that has this result.</summary>
    public static double ToUnknownShare(float familiarity) => Math.Clamp(-Math.Log(familiarity) / Distrust, 0, 1);

    /// <summary>The share of a text's words that are unknown, 0 to 1; 1 for a text without a word.</summary>
    public static double UnknownShare(int unknown, int words) => words == 0 ? 1 : (double)unknown / words;

    /// <summary>The same for each training text as a model would have it that has not seen the text's fold.</summary>
    /// <param name="vocabulary">The texts.</param>
    /// <param name="folds">The fold of each.</param>
    public static float[] OutOfFold(WordVocabulary vocabulary, int[] folds)
    {
        const int Nowhere = int.MinValue;
        const int Several = int.MaxValue;
        // The only fold that a word occurs in.
        var only = new int[vocabulary.Words.Length];
        Array.Fill(only, Nowhere);
        for (var text = 0; text < folds.Length; text++)
        {
            foreach (var word in vocabulary.Texts[text])
            {
                only[word] = only[word] == Nowhere || only[word] == folds[text] ? folds[text] : Several;
            }
        }

        var familiarity = new float[folds.Length];
        for (var text = 0; text < folds.Length; text++)
        {
            var unknown = 0;
            foreach (var word in vocabulary.Texts[text])
            {
                unknown += only[word] == folds[text] ? 1 : 0;
            }

            familiarity[text] = Of(unknown, vocabulary.Texts[text].Length);
        }

        return familiarity;
    }
}
