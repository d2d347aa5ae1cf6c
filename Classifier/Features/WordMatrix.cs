namespace TicketAspire.Classifier.Features;

/// <summary>Builds the matrix of a view of words and pairs: a feature counts as often as it occurs in a text.</summary>
internal static class WordMatrix
{
    /// <summary>As <see cref="FeatureMatrix.Build"/>.</summary>
    public static FeatureMatrix Build(WordVocabulary vocabulary, FeatureView view, int leastTexts, ParallelOptions parallel)
    {
        var texts = vocabulary.Texts;
        var found = new CountedText[texts.Length];
        Parallel.For(
            0,
            texts.Length,
            parallel,
            () => new FeatureCounter(),
            (text, _, counter) =>
            {
                found[text] = Count(vocabulary, texts[text], view.Reach(), counter);
                return counter;
            },
            _ => { });

        var (features, occurring) = FrequentFeatures.Of(found, leastTexts, parallel);
        var table = new FeatureTable(features);
        var columns = new int[texts.Length][];
        var values = new float[texts.Length][];
        Parallel.For(0, texts.Length, parallel, text =>
        {
            (columns[text], values[text]) = Row(found[text], table);
            found[text] = default;
        });
        return new FeatureMatrix(view, features, occurring, FeatureRarity.None(features.Length), columns, values);
    }

    private static CountedText Count(WordVocabulary vocabulary, int[] text, int reach, FeatureCounter counter)
    {
        var words = new uint[text.Length];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = vocabulary.Hashes[text[i]];
        }

        counter.Clear();
        var counting = new Counting(counter);
        FeatureWalk.VisitWords(words, reach, ref counting);
        var counts = new ushort[counter.Distinct];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = (ushort)Math.Min(ushort.MaxValue, counter.Counts[i]);
        }

        return new CountedText(counter.Hashes.ToArray(), counts, counter.Scale);
    }

    private static (int[] Columns, float[] Values) Row(CountedText text, FeatureTable table)
    {
        var rows = new int[text.Hashes.Length];
        var known = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = table.Find(text.Hashes[i]);
            known += rows[i] >= 0 ? 1 : 0;
        }

        var columns = new int[known];
        var values = new float[known];
        var next = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] >= 0)
            {
                columns[next] = rows[i];
                values[next++] = text.Counts[i] * text.Scale;
            }
        }

        return (columns, values);
    }
}

/// <summary>The distinct features of one text.</summary>
/// <param name="Hashes">The features, in the order in which they were met.</param>
/// <param name="Counts">How often each occurs.</param>
/// <param name="Scale">What gives the text unit length.</param>
internal readonly record struct CountedText(uint[] Hashes, ushort[] Counts, float Scale);
