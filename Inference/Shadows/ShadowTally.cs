using TicketAspire.Contracts;
using TicketAspire.Storage;

namespace TicketAspire.Inference.Shadows;

/// <summary>Adds up how one challenger's answers compare with one champion's.</summary>
internal sealed class ShadowTally(string classifier, int champion, int challenger)
{
    private const int Digits = 4;

    private readonly Dictionary<(string Champion, string Challenger), long> _pairs = [];
    private readonly Queue<ShadowDifference> _differences = [];
    private long _compared;
    private long _agreed;
    private long _championRouted;
    private long _challengerRouted;

    /// <summary>Lets the challenger answer, and counts.</summary>
    public void Add(ShadowedAnswer shadowed, DateTimeOffset now)
    {
        var (answer, model) = (shadowed.Answer, shadowed.Challenger);
        var other = model.Model.Predict(shadowed.Text);
        _compared++;
        _championRouted += answer.Route == Routes.Auto ? 1 : 0;
        _challengerRouted += other.Confidence >= model.Threshold ? 1 : 0;
        if (other.Label == answer.Prediction)
        {
            _agreed++;
            return;
        }

        var pair = (answer.Prediction, other.Label);
        _pairs[pair] = _pairs.GetValueOrDefault(pair) + 1;
        _differences.Enqueue(new ShadowDifference(
            shadowed.Text, answer.Prediction, answer.Confidence, other.Label, Math.Round(other.Confidence, Digits), now));
        if (_differences.Count > ShadowReport.TicketsKept)
        {
            _differences.Dequeue();
        }
    }

    /// <summary>The sums.</summary>
    public ShadowComparisons ToComparisons(long dropped) => new(classifier, champion, challenger)
    {
        Compared = _compared,
        Agreed = _agreed,
        ChampionRouted = _championRouted,
        ChallengerRouted = _challengerRouted,
        Dropped = dropped,
        Pairs = [.. _pairs.Select(pair => new ShadowPair(pair.Key.Champion, pair.Key.Challenger, pair.Value))],
        Differences = [.. _differences],
    };
}
