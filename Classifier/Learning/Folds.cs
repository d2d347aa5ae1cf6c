using TicketAspire.Classifier.Text;

namespace TicketAspire.Classifier.Learning;

/// <summary>Cuts the texts into parts by a hash of their words, so that copies of a text are in the same part.</summary>
internal static class Folds
{
    /// <summary>The part of each text, 0 to <paramref name="folds"/> - 1.</summary>
    public static int[] Of(string[] texts, int folds)
    {
        var parts = new int[texts.Length];
        Parallel.For(0, texts.Length, i => parts[i] = (int)(NormalizedText.Hash(texts[i]) % (ulong)folds));
        return parts;
    }
}
