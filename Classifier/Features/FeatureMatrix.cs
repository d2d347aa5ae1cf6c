using TicketAspire.Classifier.Text;

namespace TicketAspire.Classifier.Features;

/// <summary>
/// The training texts in one view as a sparse matrix: a row for each text and a column for each feature that occurs in
/// enough of them.
/// </summary>
/// <param name="View">The view.</param>
/// <param name="Features">The feature of each column, ascending.</param>
/// <param name="Rarity">What each column's values were multiplied by: weights learned here count as much more on plain values.</param>
/// <param name="Columns">For each text the columns of its features, each once.</param>
/// <param name="Values">For each text the values in those columns; before <paramref name="Rarity"/> and together with the features left out, they have unit length.</param>
internal sealed record FeatureMatrix(FeatureView View, uint[] Features, float[] Rarity, int[][] Columns, float[][] Values)
{
    /// <summary>Builds it; the result does not depend on the number of threads.</summary>
    /// <param name="texts">The training texts.</param>
    /// <param name="view">Which features.</param>
    /// <param name="leastTexts">A feature in fewer texts than this is left out.</param>
    /// <param name="threads">How many threads to use.</param>
    /// <param name="cancellation">Gives up.</param>
    public static FeatureMatrix Build(
        IReadOnlyList<string> texts, FeatureView view, int leastTexts, int threads, CancellationToken cancellation)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        return view == FeatureView.Characters
            ? GramMatrix.Build(texts, leastTexts, parallel)
            : BuildWords(texts, leastTexts, parallel);
    }

    /// <summary>The values of one text's row.</summary>
    /// <param name="view">The view.</param>
    /// <param name="columns">The columns that occur.</param>
    /// <param name="counts">How often each column occurs in the text.</param>
    /// <param name="unknown">How many times a feature without a column occurs in the text.</param>
    /// <param name="rarity">The columns' factors.</param>
    public static float[] Row(FeatureView view, int[] columns, int[] counts, int unknown, float[] rarity)
    {
        var values = new float[columns.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = FeatureValue.Of(view, counts[columns[i]]);
        }

        var scale = FeatureValue.Scale(view, values, unknown);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] *= scale * rarity[columns[i]];
        }

        return values;
    }

    private static FeatureMatrix BuildWords(IReadOnlyList<string> texts, int leastTexts, ParallelOptions parallel)
    {
        var found = new TextFeatures[texts.Count];
        Parallel.For(
            0,
            texts.Count,
            parallel,
            () => (Tokens: new TokenBuffer(), Counts: new FeatureCounts()),
            (i, _, local) =>
            {
                local.Tokens.Read(texts[i]);
                FeatureWalk.Visit(local.Tokens, FeatureView.Words, ref local.Counts);
                found[i] = local.Counts.Take();
                return local;
            },
            _ => { });

        var features = FrequentFeatures.Of(found, leastTexts);
        var rarity = FeatureRarity.Of(FeatureView.Words, new int[features.Length], texts.Count);
        var table = new FeatureTable(features);
        var columns = new int[texts.Count][];
        var values = new float[texts.Count][];
        Parallel.For(
            0,
            texts.Count,
            parallel,
            () => new int[features.Length],
            (i, _, counts) =>
            {
                columns[i] = Columns(found[i], table, counts, out var unknown);
                values[i] = Row(FeatureView.Words, columns[i], counts, unknown, rarity);
                foreach (var column in columns[i])
                {
                    counts[column] = 0;
                }

                found[i] = default;
                return counts;
            },
            _ => { });
        return new FeatureMatrix(FeatureView.Words, features, rarity, columns, values);

        static int[] Columns(TextFeatures text, FeatureTable table, int[] counts, out int unknown)
        {
            unknown = 0;
            var known = new List<int>(text.Hashes.Length);
            for (var i = 0; i < text.Hashes.Length; i++)
            {
                if (table.Find(text.Hashes[i]) is >= 0 and var column)
                {
                    known.Add(column);
                    counts[column] = text.Counts[i];
                }
                else
                {
                    unknown += text.Counts[i];
                }
            }

            return [.. known];
        }
    }
}
