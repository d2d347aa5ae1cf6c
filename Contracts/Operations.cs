namespace TicketAspire.Contracts;

/// <summary>
/// What <c>GET /operations</c> tells: how the system and one of its classifiers have done, by intervals. All lists of an
/// interval's figures are as long as <see cref="Times"/>.
/// </summary>
public sealed record OperationsReport
{
    /// <summary>The classifier that predictions, feedback, runs, champions and drift are of.</summary>
    public required string Classifier { get; init; }

    /// <summary>When the first interval begins.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>When the last interval ends.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>How long an interval is, in seconds.</summary>
    public required int Step { get; init; }

    /// <summary>When each interval begins.</summary>
    public required IReadOnlyList<DateTimeOffset> Times { get; init; }

    /// <summary>Requests to the Api, whatever they are about.</summary>
    public required RequestFigures Requests { get; init; }

    /// <summary>Predictions of the classifier's champions.</summary>
    public required PredictionFigures Predictions { get; init; }

    /// <summary>Feedback on the classifier's predictions.</summary>
    public required FeedbackFigures Feedback { get; init; }

    /// <summary>The classifier's runs that ended.</summary>
    public required RunFigures Runs { get; init; }

    /// <summary>
    /// Which versions served between <see cref="From"/> and <see cref="To"/>, oldest first; one that was gone back to is there
    /// for each of its times.
    /// </summary>
    public required IReadOnlyList<ServiceTime> Champions { get; init; }

    /// <summary>What full buffers had to drop, of all services, by buffer.</summary>
    public required IReadOnlyList<CountSeries> Dropped { get; init; }

    /// <summary>How what came in of late compares with what the champion was measured on; null before the first look.</summary>
    public DriftReport? Drift { get; init; }
}

/// <summary>A count for each interval.</summary>
/// <param name="Name">Of what.</param>
/// <param name="Counts">How many.</param>
public sealed record CountSeries(string Name, IReadOnlyList<long> Counts);

/// <summary>How requests did. Probes, event streams and this report itself are not counted.</summary>
public sealed record RequestFigures
{
    /// <summary>How many were answered.</summary>
    public required IReadOnlyList<long> Count { get; init; }

    /// <summary>Those of them that the caller has to change (4xx).</summary>
    public required IReadOnlyList<long> Refused { get; init; }

    /// <summary>Those of them that failed here (5xx).</summary>
    public required IReadOnlyList<long> Failed { get; init; }

    /// <summary>Half of them took no longer, in seconds; null where there was none.</summary>
    public required IReadOnlyList<double?> P50 { get; init; }

    /// <summary>95 % of them took no longer, in seconds; null where there was none.</summary>
    public required IReadOnlyList<double?> P95 { get; init; }

    /// <summary>99 % of them took no longer, in seconds; null where there was none.</summary>
    public required IReadOnlyList<double?> P99 { get; init; }
}

/// <summary>What was predicted.</summary>
public sealed record PredictionFigures
{
    /// <summary>How many predictions.</summary>
    public required IReadOnlyList<long> Count { get; init; }

    /// <summary>Those of them that were sure enough to be routed automatically.</summary>
    public required IReadOnlyList<long> Routed { get; init; }

    /// <summary>The same by category, the most frequent first.</summary>
    public required IReadOnlyList<CountSeries> Categories { get; init; }

    /// <summary>The mean confidence, 0 to 1; null where there was none.</summary>
    public required IReadOnlyList<double?> MeanConfidence { get; init; }

    /// <summary>Over all intervals, how many had a confidence in which twentieth from 0 to 1.</summary>
    public required IReadOnlyList<long> Confidences { get; init; }

    /// <summary>95 % of the predictions took no longer in Inference, in seconds; null where there was none.</summary>
    public required IReadOnlyList<double?> P95 { get; init; }
}

/// <summary>What people said of predictions. All feedback is in one of the three.</summary>
public sealed record FeedbackFigures
{
    /// <summary>How often they confirmed one.</summary>
    public required IReadOnlyList<long> Agreed { get; init; }

    /// <summary>How often they corrected one.</summary>
    public required IReadOnlyList<long> Corrected { get; init; }

    /// <summary>How often they gave the category of a text without saying what had been predicted: no judgement of any model.</summary>
    public required IReadOnlyList<long> Unjudging { get; init; }
}

/// <summary>What became of runs. A model from elsewhere (<see cref="RunTrigger.Upload"/>) is no training, and not among them.</summary>
public sealed record RunFigures
{
    /// <summary>How many ended as what (<c>promoted</c>, <c>rejected</c>, <c>failed</c>, …), by when they ended.</summary>
    public required IReadOnlyList<CountSeries> Outcomes { get; init; }

    /// <summary>How long they were in their stages, over all intervals, in the stages' order.</summary>
    public required IReadOnlyList<StageFigures> Stages { get; init; }
}

/// <summary>How long runs were in a stage.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Count">How often it was gone through.</param>
/// <param name="Mean">How long it took on average, in seconds.</param>
/// <param name="P95">95 % of the times it took no longer, in seconds.</param>
public sealed record StageFigures(RunStage Stage, long Count, double Mean, double P95);

/// <summary>A version's time in service.</summary>
/// <param name="Model">The version.</param>
/// <param name="From">When it was put in service.</param>
/// <param name="To">When another took its place; null if it serves.</param>
/// <param name="Accuracy">Its accuracy on its hold-out, 0 to 1.</param>
/// <param name="By">Who or what put it in service.</param>
public sealed record ServiceTime(int Model, DateTimeOffset From, DateTimeOffset? To, double Accuracy, string? By);
