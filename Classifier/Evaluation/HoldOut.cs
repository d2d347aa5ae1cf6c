using TicketAspire.Classifier.Text;

namespace TicketAspire.Classifier.Evaluation;

/// <summary>
/// The part of a data set that no model trains on: drawn by a hash of the normalised text, so it is the same before and
/// after any retraining, and copies of a training text are not in it.
/// </summary>
public static class HoldOut
{
    private const int Share = 10;

    /// <summary>True for one text in ten, always the same ones.</summary>
    /// <param name="hash">The text's <see cref="NormalizedText.Hash"/>.</param>
    public static bool Contains(ulong hash) =>
        // The upper half: folds are drawn by the rest.
        (hash >> 32) % Share == 0;
}
