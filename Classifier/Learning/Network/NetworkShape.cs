using TicketAspire.Classifier.Features;

namespace TicketAspire.Classifier.Learning.Network;

/// <summary>How large a network is.</summary>
/// <param name="Words">How many words have an embedding.</param>
/// <param name="Features">How many features of all views lead to the hidden units.</param>
/// <param name="Hidden">How many hidden units those features feed; a multiple of eight.</param>
/// <param name="Classes">How many classes.</param>
internal readonly record struct NetworkShape(int Words, int Features, int Hidden, int Classes)
{
    /// <summary>Numbers that stand for a word.</summary>
    public const int Embedding = 32;

    /// <summary>Neighbouring words that a filter looks at.</summary>
    public const int Width = 3;

    /// <summary>Filters: each finds one kind of phrase wherever it stands in the text.</summary>
    public const int Filters = 64;

    /// <summary>Hidden units when the labels are few, and when they are many.</summary>
    private const int HiddenOfFew = 64;
    private const int HiddenOfMany = 256;

    /// <summary>
    /// The features' weights take no more than this many bytes in a model, and there are no more of them than that: the
    /// most frequent ones. What is rare teaches a network nothing (IT tickets: the same with 20,000 as with 90,000).
    /// </summary>
    private const int FeatureBytes = 4_500_000;
    private const int MostFeatures = 32_000;

    /// <summary>No more words than this have an embedding: the most frequent ones.</summary>
    private const int MostWords = 30_000;

    /// <summary>All units that lead to the classes: filters first.</summary>
    public int Units => Filters + Hidden;

    /// <summary>How many hidden units so many labels need.</summary>
    public static int HiddenFor(int classes) => classes <= Stacking.FullMatrixClasses ? HiddenOfFew : HiddenOfMany;

    /// <summary>In how many texts a feature must occur to be worth the network's weights: at least <paramref name="least"/>, and so many that all fit.</summary>
    public static int LeastTexts(IEnumerable<FeatureMatrix> matrices, int hidden, int least) =>
        LeastCount(matrices.SelectMany(matrix => matrix.Occurring), Math.Min(MostFeatures, FeatureBytes / hidden), least);

    /// <summary>In how many texts a word must occur to have an embedding.</summary>
    public static int LeastTexts(int[] occurring, int least) => LeastCount(occurring, MostWords, least);

    // The lowest bound, not below least, that no more than so many counts reach.
    private static int LeastCount(IEnumerable<int> counts, int most, int least)
    {
        var sorted = counts.Where(count => count >= least).OrderDescending().ToArray();
        return sorted.Length <= most ? least : sorted[most] + 1;
    }
}
