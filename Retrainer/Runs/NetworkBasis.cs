using TicketAspire.Classifier;

namespace TicketAspire.Retrainer.Runs;

/// <summary>
/// Decides how much of the feedback a thorough model's network learns from. Most of a training's time goes into the network,
/// and what a few corrections teach is learned by the linear part beside it; so the network stays as it is until its texts
/// have grown by a tenth. The decision depends on nothing but the texts, so the same lineage gives the same model whether a
/// network was at hand or not.
/// </summary>
internal static class NetworkBasis
{
    private const double Growth = 1.1;

    /// <summary>How many feedback entries, from the first, the network learns from, and the texts that there are with them.</summary>
    /// <param name="examples">How many examples of the data set are learned from.</param>
    /// <param name="feedback">How many feedback entries there are.</param>
    /// <param name="all">All texts that the linear part learns from.</param>
    /// <param name="with">Those that there are with so many entries.</param>
    public static (int Count, IReadOnlyList<LabelledText> Texts) Feedback(
        int examples, int feedback, IReadOnlyList<LabelledText> all, Func<int, IReadOnlyList<LabelledText>> with)
    {
        var count = 0;
        for (var next = Next(examples); next - examples <= feedback; next = Next(next))
        {
            count = next - examples;
        }

        // A network knows a fixed set of labels. Where the last entries brought one, or took the last example of one, it
        // learns from all.
        var texts = count == feedback ? all : with(count);
        return count == feedback || Labels(texts).SetEquals(Labels(all)) ? (count, texts) : FirstWithAll(count, feedback, all, with);
    }

    // From the entry on that brought the last label the set stays as it is, in all likelihood: so does the network.
    private static (int Count, IReadOnlyList<LabelledText> Texts) FirstWithAll(
        int count, int feedback, IReadOnlyList<LabelledText> all, Func<int, IReadOnlyList<LabelledText>> with)
    {
        var wanted = Labels(all);
        var (low, high, texts) = (count, feedback, all);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            var some = with(middle);
            (low, high, texts) = Labels(some).SetEquals(wanted) ? (low, middle, some) : (middle, high, texts);
        }

        return (high, texts);
    }

    private static int Next(int size) => Math.Max(size + 1, (int)(size * Growth));

    private static HashSet<string> Labels(IReadOnlyList<LabelledText> texts) =>
        texts.Select(text => text.Label).ToHashSet(StringComparer.Ordinal);
}
