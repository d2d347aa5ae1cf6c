namespace TicketAspire.Classifier.Features;

/// <summary>
/// The training texts in one view as a sparse matrix: a row for each text and a column for each feature that occurs in
/// enough of them.
/// </summary>
/// <param name="View">The view.</param>
/// <param name="Features">The feature of each column, ascending.</param>
/// <param name="Occurring">In how many texts each column's feature occurs.</param>
/// <param name="Rarity">What each column's values were multiplied by: weights learned here count as much more on plain values.</param>
/// <param name="Columns">For each text the columns of its features, each once.</param>
/// <param name="Values">For each text the values in those columns; before <paramref name="Rarity"/> and together with the features left out, they have unit length.</param>
internal sealed record FeatureMatrix(
    FeatureView View, uint[] Features, int[] Occurring, float[] Rarity, int[][] Columns, float[][] Values)
{
    /// <summary>Builds it; the result does not depend on the number of threads.</summary>
    /// <param name="vocabulary">The training texts.</param>
    /// <param name="view">Which features.</param>
    /// <param name="leastTexts">A feature in fewer texts than this is left out.</param>
    /// <param name="parallel">How many threads to use, and when to give up.</param>
    public static FeatureMatrix Build(WordVocabulary vocabulary, FeatureView view, int leastTexts, ParallelOptions parallel) =>
        view == FeatureView.Characters
            ? CharacterMatrix.Build(vocabulary, leastTexts, parallel)
            : WordMatrix.Build(vocabulary, view, leastTexts, parallel);
}
