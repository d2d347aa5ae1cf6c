using System.Runtime.Intrinsics;
using TicketAspire.Classifier.Learning;

namespace TicketAspire.Classifier.Features;

/// <summary>
/// The training texts in one view as a sparse matrix: a row for each text and a column for each feature that occurs in
/// enough of them. Together with the features left out, a text's values have unit length. The most frequent features come
/// first: what most texts ask for then lies close together in memory, in training as in prediction.
/// </summary>
/// <param name="view">The view.</param>
/// <param name="features">The feature of each column.</param>
/// <param name="occurring">In how many texts each column's feature occurs.</param>
internal abstract class FeatureMatrix(FeatureView view, uint[] features, int[] occurring)
{
    /// <summary>The view.</summary>
    public FeatureView View => view;

    /// <summary>The feature of each column.</summary>
    public uint[] Features => features;

    /// <summary>In how many texts each column's feature occurs.</summary>
    public int[] Occurring => occurring;

    /// <summary>Builds it; the result does not depend on the number of threads.</summary>
    /// <param name="vocabulary">The training texts.</param>
    /// <param name="view">Which features.</param>
    /// <param name="leastTexts">A feature in fewer texts than this is left out.</param>
    /// <param name="parallel">How many threads to use, and when to give up.</param>
    public static FeatureMatrix Build(WordVocabulary vocabulary, FeatureView view, int leastTexts, ParallelOptions parallel) =>
        view == FeatureView.Characters
            ? CharacterMatrix.Build(vocabulary, leastTexts, parallel)
            : WordMatrix.Build(vocabulary, view, leastTexts, parallel);

    /// <summary>Adds up a text's weights for a block of classes, each times its feature's value.</summary>
    /// <param name="weights">For each column <see cref="ClassBlock.Size"/> weights.</param>
    /// <param name="stride">How far apart those of two columns begin.</param>
    /// <param name="bias">Where the sums begin.</param>
    /// <param name="text">Which text.</param>
    public abstract Vector256<float> Score(float[] weights, int stride, Vector256<float> bias, int text);

    /// <summary>Moves two weights of each of a text's features, each by the change times the feature's value and its step size.</summary>
    /// <param name="weights">For each column <see cref="ClassBlock.Size"/> weights, and right behind them as many others.</param>
    /// <param name="change">What is added to the weights where value and step size are 1.</param>
    /// <param name="others">What is added to the others.</param>
    /// <param name="text">Which text.</param>
    public abstract void Add(float[] weights, Vector256<float> change, Vector256<float> others, int text);

    /// <summary>Puts features into the order of the columns: the most frequent first, ascending among equals.</summary>
    protected static void SortByFrequency(uint[] features, int[] occurring)
    {
        var keys = new ulong[features.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = ((ulong)(uint)(int.MaxValue - occurring[i]) << 32) | features[i];
        }

        Array.Sort(keys);
        for (var i = 0; i < keys.Length; i++)
        {
            features[i] = (uint)keys[i];
            occurring[i] = int.MaxValue - (int)(keys[i] >> 32);
        }
    }
}
