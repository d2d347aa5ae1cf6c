using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TicketAspire.Classifier.Learning;

namespace TicketAspire.Classifier.Features;

/// <summary>The matrix of a view of words and pairs: a feature's value is how often it occurs in the text, over the text's length.</summary>
internal sealed class WordMatrix : FeatureMatrix
{
    private WordMatrix(FeatureView view, uint[] features, int[] occurring, int[][] columns, float[][] values)
        : base(view, features, occurring)
    {
        Columns = columns;
        Values = values;
    }

    /// <summary>For each text the columns of its features, each once.</summary>
    public int[][] Columns { get; }

    /// <summary>For each text the values in those columns.</summary>
    public float[][] Values { get; }

    /// <summary>As <see cref="FeatureMatrix.Build"/>.</summary>
    public static new WordMatrix Build(WordVocabulary vocabulary, FeatureView view, int leastTexts, ParallelOptions parallel)
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

        var (features, occurring) = FrequentFeatures.Of(found, vocabulary.Times, leastTexts, parallel);
        SortByFrequency(features, occurring);
        var table = new FeatureTable(features);
        var columns = new int[texts.Length][];
        var values = new float[texts.Length][];
        Parallel.For(0, texts.Length, parallel, text =>
        {
            (columns[text], values[text]) = Row(found[text], table);
            found[text] = default;
        });
        return new WordMatrix(view, features, occurring, columns, values);
    }

    /// <inheritdoc/>
    public override Vector256<float> Score(float[] weights, int stride, Vector256<float> bias, int text)
    {
        var (columns, values) = (Columns[text], Values[text]);
        ref var start = ref MemoryMarshal.GetArrayDataReference(weights);
        var (even, odd) = (bias, Vector256<float>.Zero);
        var i = 0;
        // Two sums side by side: one would wait for its last addition each time.
        for (; i + 1 < columns.Length; i += 2)
        {
            even = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref start, (nuint)columns[i] * (nuint)stride), Vector256.Create(values[i]), even);
            odd = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref start, (nuint)columns[i + 1] * (nuint)stride), Vector256.Create(values[i + 1]), odd);
        }

        return i < columns.Length
            ? Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref start, (nuint)columns[i] * (nuint)stride), Vector256.Create(values[i]), even) + odd
            : even + odd;
    }

    /// <inheritdoc/>
    public override void Add(float[] weights, Vector256<float> change, Vector256<float> others, int text)
    {
        var (columns, values) = (Columns[text], Values[text]);
        ref var start = ref MemoryMarshal.GetArrayDataReference(weights);
        for (var i = 0; i < columns.Length; i++)
        {
            ref var column = ref Unsafe.Add(ref start, columns[i] * 2 * ClassBlock.Size);
            var value = Vector256.Create(values[i]);
            Vector256.FusedMultiplyAdd(change, value, Vector256.LoadUnsafe(ref column)).StoreUnsafe(ref column);
            Vector256.FusedMultiplyAdd(others, value, Vector256.LoadUnsafe(ref column, ClassBlock.Size)).StoreUnsafe(ref column, ClassBlock.Size);
        }
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
