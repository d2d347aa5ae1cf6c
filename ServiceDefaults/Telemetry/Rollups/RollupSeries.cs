namespace TicketAspire.ServiceDefaults.Telemetry.Rollups;

/// <summary>An instrument whose measurements are kept, and what is kept of them.</summary>
/// <param name="Name">The instrument's name.</param>
/// <param name="Meter">Its meter's name.</param>
/// <param name="Tags">
/// The tags that tell its measurements apart, at most four; <see cref="ServiceTag"/> stands for the service itself. Others are
/// left out.
/// </param>
/// <param name="Buckets">The histogram's buckets; null for a counter.</param>
public sealed record RollupSeries(string Name, string Meter, IReadOnlyList<string> Tags, RollupBuckets? Buckets = null)
{
    /// <summary>Not a measurement's tag but the name of the service that measured.</summary>
    public const string ServiceTag = "service.name";

    /// <summary>Requests that a service has answered, in seconds.</summary>
    public static RollupSeries Requests { get; } = new(
        "http.server.request.duration",
        "Microsoft.AspNetCore.Hosting",
        [ServiceTag, "http.request.method", "http.route", "http.response.status_code"],
        RollupBuckets.Durations);

    /// <summary>Predictions.</summary>
    public static RollupSeries Predictions { get; } = new(
        Measures.Predictions, Measures.Name, [MeasureTags.Classifier, MeasureTags.Category, MeasureTags.Route, MeasureTags.Model]);

    /// <summary>How long predictions took, in seconds.</summary>
    public static RollupSeries PredictionDurations { get; } = new(
        Measures.PredictionDuration, Measures.Name, [MeasureTags.Classifier], RollupBuckets.Durations);

    /// <summary>How sure predictions were.</summary>
    public static RollupSeries Confidences { get; } = new(
        Measures.Confidence, Measures.Name, [MeasureTags.Classifier, MeasureTags.Model], RollupBuckets.Fractions);

    /// <summary>The share of unknown words.</summary>
    public static RollupSeries UnknownWords { get; } = new(
        Measures.UnknownWords, Measures.Name, [MeasureTags.Classifier, MeasureTags.Model], RollupBuckets.Fractions);

    /// <summary>Feedback.</summary>
    public static RollupSeries Feedback { get; } = new(Measures.Feedback, Measures.Name, [MeasureTags.Classifier, MeasureTags.Agreed]);

    /// <summary>How sure the predictions were that feedback is about.</summary>
    public static RollupSeries JudgedConfidences { get; } = new(
        Measures.JudgedConfidence, Measures.Name, [MeasureTags.Classifier, MeasureTags.Agreed, MeasureTags.Model], RollupBuckets.Fractions);

    /// <summary>How long runs were in their stages, in seconds.</summary>
    public static RollupSeries Stages { get; } = new(
        Measures.StageDuration, Measures.Name, [MeasureTags.Classifier, MeasureTags.Stage], RollupBuckets.Durations);

    /// <summary>What full buffers had to drop.</summary>
    public static RollupSeries Dropped { get; } = new(Measures.Dropped, Measures.Name, [ServiceTag, MeasureTags.Buffer]);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<RollupSeries> All { get; } =
        [Requests, Predictions, PredictionDurations, Confidences, UnknownWords, Feedback, JudgedConfidences, Stages, Dropped];

    // Probes, pages that only show what goes on, what these ask each time, and streams that are open for hours tell nothing of
    // how requests do.
    private static readonly HashSet<string> Unwatched =
        ["/", "/alive", "/ready", "/health", "/events", "/operations", "/classifiers", "/openapi/{documentName}.json"];

    /// <summary>True for measurements that are not kept, by the tags' values.</summary>
    internal bool Ignores(string[] tags)
    {
        if (Name != Requests.Name)
        {
            return false;
        }

        var (route, status) = (tags[2], tags[3]);
        // Without a route: a file, or an address that leads nowhere.
        return route.Length == 0 ? status is ['1' or '2' or '3', ..] : Unwatched.Contains(route);
    }
}
