using TicketAspire.Classifier.Text;

namespace TicketAspire.Classifier.Features;

/// <summary>
/// The training texts in one view as a sparse matrix: a row for each text and a column for each feature
/// that occurs in enough of them.
/// </summary>
internal sealed class FeatureMatrix
{
    private FeatureMatrix(FeatureView view, uint[] features, float[] rarity, int[][] columns, float[][] values)
    {
        View = view;
        Features = features;
        Rarity = rarity;
        Columns = columns;
        Values = values;
    }

    public FeatureView View { get; }

    /// <summary>The feature of each column, ascending.</summary>
    public uint[] Features { get; }

    /// <summary>What each column's values were multiplied by: weights learned here count as much more on plain values.</summary>
    public float[] Rarity { get; }

    /// <summary>For each text the columns of its features, ascending.</summary>
    public int[][] Columns { get; }

    /// <summary>For each text the values in those columns; before <see cref="Rarity"/>, their squares add up to 1.</summary>
    public float[][] Values { get; }

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
        var found = new TextFeatures[texts.Count];
        Parallel.For(
            0,
            texts.Count,
            parallel,
            () => (Tokens: new TokenBuffer(), Counts: new FeatureCounts()),
            (i, _, local) =>
            {
                local.Tokens.Read(texts[i]);
                FeatureWalk.Visit(local.Tokens, view, ref local.Counts);
                found[i] = local.Counts.Take();
                return local;
            },
            _ => { });

        var features = FrequentFeatures.Of(found, leastTexts, parallel);
        var table = new FeatureTable(features);
        var columns = new int[texts.Count][];
        var values = new float[texts.Count][];
        Parallel.For(0, texts.Count, parallel, i =>
        {
            (columns[i], values[i]) = Row(found[i], view, table);
            found[i] = default;
        });
        var rarity = FeatureRarity.Of(view, features.Length, columns);
        Parallel.For(0, texts.Count, parallel, i => Multiply(columns[i], values[i], rarity));
        return new FeatureMatrix(view, features, rarity, columns, values);
    }

    private static void Multiply(int[] columns, float[] values, float[] rarity)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] *= rarity[columns[i]];
        }
    }

    private static (int[] Columns, float[] Values) Row(TextFeatures features, FeatureView view, FeatureTable table)
    {
        var columns = new int[features.Hashes.Length];
        var values = new float[features.Hashes.Length];
        var used = 0;
        for (var i = 0; i < features.Hashes.Length; i++)
        {
            var column = table.Find(features.Hashes[i]);
            if (column >= 0)
            {
                columns[used] = column;
                values[used++] = FeatureValue.Of(view, features.Counts[i]);
            }
        }

        Array.Resize(ref columns, used);
        Array.Resize(ref values, used);
        var scale = FeatureValue.Scale(values);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] *= scale;
        }

        return (columns, values);
    }
}
