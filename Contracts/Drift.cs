namespace TicketAspire.Contracts;

/// <summary>How what comes in compares with what the models that answered were measured on.</summary>
public enum DriftState
{
    /// <summary>The models were trained before this was kept: nothing to compare with until the next training.</summary>
    NoBaseline,

    /// <summary>Too little has come in to tell.</summary>
    TooFew,

    /// <summary>As it was.</summary>
    Stable,

    /// <summary>Somewhat different; worth an eye.</summary>
    Shifting,

    /// <summary>Different beyond the threshold: the alert.</summary>
    Drifted,
}

/// <summary>
/// How a model answered the texts that its figures are from: the hold-out; where that is small, together with the out-of-fold
/// answers of the training.
/// </summary>
public sealed record DriftBaseline
{
    /// <summary>How many it answered with which category.</summary>
    public required IReadOnlyDictionary<string, int> Categories { get; init; }

    /// <summary>How many with a confidence in which twentieth from 0 to 1.</summary>
    public required IReadOnlyList<int> Confidences { get; init; }

    /// <summary>How many with a share of unknown words in which twentieth from 0 to 1.</summary>
    public required IReadOnlyList<int> UnknownWords { get; init; }
}

/// <summary>One thing that may drift.</summary>
public sealed record DriftMeasure
{
    /// <summary>One of <see cref="DriftMeasures"/>.</summary>
    public required string Name { get; init; }

    /// <summary>How it compares.</summary>
    public required DriftState State { get; init; }

    /// <summary>
    /// The population stability index; of <see cref="DriftMeasures.Agreement"/>, by how much the share of agreeing feedback is
    /// below the mean confidence of the answers that it is about. Null where there is too little to tell.
    /// </summary>
    public double? Value { get; init; }

    /// <summary>
    /// From which value on it has drifted: the threshold, or what chance alone exceeds in one of a thousand cases, if that is
    /// more, as it is where there are many categories and few tickets.
    /// </summary>
    public double? Limit { get; init; }

    /// <summary>The shares then and now.</summary>
    public IReadOnlyList<DriftShare> Shares { get; init; } = [];
}

/// <summary>What may drift.</summary>
public static class DriftMeasures
{
    /// <summary>Which categories are answered how often.</summary>
    public const string Category = "category";

    /// <summary>How sure the answers are.</summary>
    public const string Confidence = "confidence";

    /// <summary>How many of the words are unknown.</summary>
    public const string UnknownWords = "unknown_words";

    /// <summary>How often feedback agrees with the answers, beside how sure exactly those answers were.</summary>
    public const string Agreement = "agreement";
}

/// <summary>How large a part is, and was.</summary>
/// <param name="Label">Which part: a category, or from where to where.</param>
/// <param name="Expected">
/// Its share among what the models were measured on, each by how much it answered; for <see cref="DriftMeasures.Agreement"/> the
/// mean confidence; 0 to 1.
/// </param>
/// <param name="Actual">Its share among what came in, 0 to 1.</param>
public sealed record DriftShare(string Label, double Expected, double Actual);

/// <summary>
/// How a classifier's tickets of late, whichever version answered them, compare with what those versions were measured on. A
/// version of which that is not known is taken for like the champion.
/// </summary>
public sealed record DriftReport
{
    /// <summary>The classifier.</summary>
    public required string Classifier { get; init; }

    /// <summary>The champion.</summary>
    public required int Model { get; init; }

    /// <summary>When this was found.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What came in since then.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>
    /// The worst of the measures' states; what cannot be told of one does not hide another. <see cref="DriftState.Drifted"/> lasts
    /// as long as the window shows it: it ends, too, where there is too little to tell any more.
    /// </summary>
    public required DriftState State { get; init; }

    /// <summary>
    /// The same of the champion's answers alone: only where these have drifted, too, is a training asked for. Null in a report
    /// of an earlier version of the program.
    /// </summary>
    public DriftState? Own { get; init; }

    /// <summary>From which stability index on a measure has drifted.</summary>
    public required double Threshold { get; init; }

    /// <summary>How many predictions were looked at.</summary>
    public required long Predictions { get; init; }

    /// <summary>How many it takes to tell.</summary>
    public required long Least { get; init; }

    /// <summary>How many feedback entries were looked at: those on a ticket, whose prediction and confidence are on record.</summary>
    public long Feedback { get; init; }

    /// <summary>What was compared.</summary>
    public required IReadOnlyList<DriftMeasure> Measures { get; init; }
}
