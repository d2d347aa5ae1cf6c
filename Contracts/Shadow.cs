namespace TicketAspire.Contracts;

/// <summary>What <c>PUT /classifiers/{name}/challenger</c> takes.</summary>
/// <param name="Model">The version that is to predict beside the champion.</param>
public sealed record ChallengerRequest(int? Model);

/// <summary>A challenger's answers beside the champion's, on live traffic. They are compared, and never returned.</summary>
public sealed record ShadowReport
{
    /// <summary>How many of the latest differing tickets are kept.</summary>
    public const int TicketsKept = 100;

    /// <summary>The classifier.</summary>
    public required string Classifier { get; init; }

    /// <summary>The version in service.</summary>
    public required int Champion { get; init; }

    /// <summary>The version in the shadow.</summary>
    public required int Challenger { get; init; }

    /// <summary>When the first answers were compared; null before.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>How many texts both answered.</summary>
    public required long Compared { get; init; }

    /// <summary>How many of them alike.</summary>
    public required long Agreed { get; init; }

    /// <summary>How many the champion routed automatically.</summary>
    public required long ChampionRouted { get; init; }

    /// <summary>How many the challenger would have routed automatically.</summary>
    public required long ChallengerRouted { get; init; }

    /// <summary>How many were not compared because there was too much to do.</summary>
    public required long Dropped { get; init; }

    /// <summary>What one took for another, the most frequent first.</summary>
    public required IReadOnlyList<ShadowPair> Pairs { get; init; }

    /// <summary>The latest texts that they answered differently, newest first.</summary>
    public required IReadOnlyList<ShadowDifference> Tickets { get; init; }
}

/// <summary>How often two answers came together.</summary>
/// <param name="Champion">The champion's answer.</param>
/// <param name="Challenger">The challenger's.</param>
/// <param name="Count">How often.</param>
public sealed record ShadowPair(string Champion, string Challenger, long Count);

/// <summary>A text that champion and challenger answered differently.</summary>
/// <param name="Text">The text.</param>
/// <param name="Champion">The champion's answer.</param>
/// <param name="ChampionConfidence">How sure it was, 0 to 1.</param>
/// <param name="Challenger">The challenger's answer.</param>
/// <param name="ChallengerConfidence">How sure it was, 0 to 1.</param>
/// <param name="At">When.</param>
public sealed record ShadowDifference(
    string Text, string Champion, double ChampionConfidence, string Challenger, double ChallengerConfidence, DateTimeOffset At);
