using TicketAspire.Contracts;

namespace TicketAspire.Storage;

/// <summary>
/// Keeps how a challenger's answers compare with the champion's: counts, and the latest texts on which they differ. Any
/// number of services add to the same counts. What was compared with another champion or challenger is forgotten.
/// </summary>
public interface IShadowStore
{
    /// <summary>Adds up; what is not of the present champion and challenger is ignored.</summary>
    Task AddAsync(ShadowComparisons comparisons, CancellationToken cancellation);

    /// <summary>How the two compare so far; null if the classifier has no champion or no challenger.</summary>
    Task<ShadowReport?> ReadAsync(string classifier, CancellationToken cancellation);
}

/// <summary>Answers that were compared since the last time.</summary>
/// <param name="Classifier">The classifier.</param>
/// <param name="Champion">The version in service.</param>
/// <param name="Challenger">The version in the shadow.</param>
public sealed record ShadowComparisons(string Classifier, int Champion, int Challenger)
{
    /// <summary>How many texts both answered.</summary>
    public long Compared { get; init; }

    /// <summary>How many of them alike.</summary>
    public long Agreed { get; init; }

    /// <summary>How many the champion routed automatically.</summary>
    public long ChampionRouted { get; init; }

    /// <summary>How many the challenger would have routed automatically.</summary>
    public long ChallengerRouted { get; init; }

    /// <summary>How many were not compared.</summary>
    public long Dropped { get; init; }

    /// <summary>How often which answers came together, where they differ.</summary>
    public IReadOnlyList<ShadowPair> Pairs { get; init; } = [];

    /// <summary>The latest texts on which they differ, oldest first; at most <see cref="ShadowReport.TicketsKept"/>.</summary>
    public IReadOnlyList<ShadowDifference> Differences { get; init; } = [];
}
