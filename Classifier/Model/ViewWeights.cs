using TicketAspire.Classifier.Features;

namespace TicketAspire.Classifier.Model;

/// <summary>The weights of one view: what one unit of each known feature adds.</summary>
internal sealed class ViewWeights
{
    private readonly FeatureTable _table;

    /// <summary>Puts them together.</summary>
    /// <param name="view">The view.</param>
    /// <param name="features">The known features, each once.</param>
    /// <param name="scores">For each feature what it adds to every class's score.</param>
    /// <param name="hidden">For each of the first features what it adds to the network's hidden units; none without a network.</param>
    public ViewWeights(FeatureView view, uint[] features, ByteRows scores, ByteRows hidden)
    {
        View = view;
        Scores = scores;
        Hidden = hidden;
        HiddenCount = hidden.Count;
        _table = new FeatureTable(features);
    }

    /// <summary>The view.</summary>
    public FeatureView View { get; }

    /// <summary>The known features; row i belongs to the i-th.</summary>
    public uint[] Features => _table.Keys;

    /// <summary>Row by row what a feature adds to the scores.</summary>
    public ByteRows Scores { get; }

    /// <summary>What the features of the first rows add to the hidden units.</summary>
    public ByteRows Hidden { get; }

    /// <summary>How many of the features add to the hidden units.</summary>
    public int HiddenCount { get; }

    /// <summary>The row of a feature, or -1.</summary>
    public int Find(uint feature) => _table.Find(feature);
}
