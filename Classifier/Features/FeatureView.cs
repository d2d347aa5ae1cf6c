namespace TicketAspire.Classifier.Features;

/// <summary>A way to look at a text; each is normalised to unit length on its own.</summary>
internal enum FeatureView
{
    /// <summary>Words, neighbours, and pairs with one word between them, in their order.</summary>
    Words,

    /// <summary>The same, and pairs that stand up to ten words apart in either order.</summary>
    DistantWords,

    /// <summary>Character n-grams within words, word boundaries included: they bear typos and inflections.</summary>
    Characters,
}

/// <summary>What the views look at.</summary>
internal static class FeatureViews
{
    /// <summary>
    /// How far apart the words of a pair may stand. Far pairs say what a text is about when the words are many: ten instead
    /// of two is 0.4 points on the IT tickets, five half of that.
    /// </summary>
    public static int Reach(this FeatureView view) => view == FeatureView.DistantWords ? 10 : 2;
}
