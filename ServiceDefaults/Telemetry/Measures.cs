using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace TicketAspire.ServiceDefaults.Telemetry;

/// <summary>
/// What the services measure of their own work, beside what .NET measures. Names and units follow OpenTelemetry's conventions
/// (opentelemetry.io/docs/specs/semconv/general/metrics); the table is in ServiceDefaults/README.md.
/// </summary>
public sealed class Measures
{
    /// <summary>The meter's name, and that of the source of the services' own traces.</summary>
    public const string Name = "TicketAspire";

    /// <summary>Counts predictions by <see cref="MeasureTags.Classifier"/>, category, route and model.</summary>
    public const string Predictions = "ticketaspire.predictions";

    /// <summary>Seconds that a prediction took, by classifier.</summary>
    public const string PredictionDuration = "ticketaspire.prediction.duration";

    /// <summary>Confidences, 0 to 1, by classifier and model.</summary>
    public const string Confidence = "ticketaspire.prediction.confidence";

    /// <summary>The share of a text's words that the model does not know, 0 to 1, by classifier and model.</summary>
    public const string UnknownWords = "ticketaspire.prediction.unknown_words";

    /// <summary>Counts feedback by classifier, and whether it agreed with the prediction; without that tag where none is known.</summary>
    public const string Feedback = "ticketaspire.feedback";

    /// <summary>
    /// The confidences of predictions that people judged, 0 to 1, by classifier, whether the feedback agreed, and the model that
    /// answered: as often as their mean says it should have agreed.
    /// </summary>
    public const string JudgedConfidence = "ticketaspire.judgement.confidence";

    /// <summary>Counts ended runs by classifier, outcome and trigger.</summary>
    public const string Runs = "ticketaspire.runs";

    /// <summary>Seconds that a run spent in a stage, by classifier and stage.</summary>
    public const string StageDuration = "ticketaspire.run.stage.duration";

    /// <summary>The champion's accuracy on its hold-out, 0 to 1, by classifier and model.</summary>
    public const string ChampionAccuracy = "ticketaspire.champion.accuracy";

    /// <summary>Counts what a full buffer had to drop, by <see cref="MeasureTags.Buffer"/>.</summary>
    public const string Dropped = "ticketaspire.events.dropped";

    private static readonly object[] Versions = [.. Enumerable.Range(0, 4096).Select(version => (object)version)];

    private readonly Counter<long> _predictions;
    private readonly Histogram<double> _durations;
    private readonly Histogram<double> _confidences;
    private readonly Histogram<double> _unknown;
    private readonly Counter<long> _feedback;
    private readonly Histogram<double> _judged;
    private readonly Counter<long> _runs;
    private readonly Histogram<double> _stages;
    private readonly Counter<long> _dropped;
    private readonly Meter _meter;

    /// <summary>Makes the instruments; one of these in each service.</summary>
    public Measures(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meter = meters.Create(Name);
        _predictions = _meter.CreateCounter<long>(Predictions, "{prediction}", "Predictions.");
        _durations = _meter.CreateHistogram(
            PredictionDuration, "s", "How long a prediction took.", advice: Boundaries(1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 5e-3, 0.01, 0.1, 1));
        _confidences = _meter.CreateHistogram(Confidence, "1", "How sure predictions are.", advice: Tenths);
        _unknown = _meter.CreateHistogram(UnknownWords, "1", "The share of a text's words that the model does not know.", advice: Tenths);
        _feedback = _meter.CreateCounter<long>(Feedback, "{entry}", "Feedback entries.");
        _judged = _meter.CreateHistogram(JudgedConfidence, "1", "How sure the predictions were that people judged.", advice: Tenths);
        _runs = _meter.CreateCounter<long>(Runs, "{run}", "Retraining runs that have ended.");
        _stages = _meter.CreateHistogram(
            StageDuration, "s", "How long a run was in a stage.", advice: Boundaries(0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800));
        _dropped = _meter.CreateCounter<long>(Dropped, "{event}", "What a full buffer had to drop.");
    }

    private static InstrumentAdvice<double> Tenths { get; } = Boundaries(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99);

    /// <summary>A text was classified.</summary>
    /// <param name="classifier">By which classifier.</param>
    /// <param name="category">As what.</param>
    /// <param name="route"><c>auto</c> or <c>review</c>.</param>
    /// <param name="model">By which version.</param>
    /// <param name="confidence">How sure, 0 to 1.</param>
    /// <param name="unknown">The share of the text's words that the model does not know, 0 to 1.</param>
    /// <param name="duration">How long it took.</param>
    public void Predicted(string classifier, string category, string route, int model, double confidence, double unknown, TimeSpan duration)
    {
        if (_predictions.Enabled)
        {
            _predictions.Add(
                1,
                new(MeasureTags.Classifier, classifier), new(MeasureTags.Category, category),
                new(MeasureTags.Route, route), new(MeasureTags.Model, Boxed(model)));
        }

        if (_durations.Enabled)
        {
            _durations.Record(duration.TotalSeconds, new KeyValuePair<string, object?>(MeasureTags.Classifier, classifier));
        }

        if (_confidences.Enabled)
        {
            _confidences.Record(confidence, new(MeasureTags.Classifier, classifier), new(MeasureTags.Model, Boxed(model)));
        }

        if (_unknown.Enabled)
        {
            _unknown.Record(unknown, new(MeasureTags.Classifier, classifier), new(MeasureTags.Model, Boxed(model)));
        }
    }

    /// <summary>Feedback was acknowledged.</summary>
    /// <param name="classifier">The classifier that it teaches.</param>
    /// <param name="agreed">Whether it confirms the prediction; null if none is known.</param>
    public void HeardFeedback(string classifier, bool? agreed)
    {
        var tags = new TagList { { MeasureTags.Classifier, classifier } };
        if (agreed is { } judged)
        {
            tags.Add(MeasureTags.Agreed, judged);
        }

        _feedback.Add(1, tags);
    }

    /// <summary>Feedback judged a prediction whose confidence is on record.</summary>
    /// <param name="classifier">Of which classifier.</param>
    /// <param name="agreed">Whether it confirms the prediction.</param>
    /// <param name="model">The version that answered, whichever serves by now.</param>
    /// <param name="confidence">How sure it was, 0 to 1.</param>
    public void Judged(string classifier, bool agreed, int model, double confidence) =>
        _judged.Record(confidence, new(MeasureTags.Classifier, classifier), new(MeasureTags.Agreed, agreed), new(MeasureTags.Model, Boxed(model)));

    /// <summary>A run has ended.</summary>
    /// <param name="classifier">Of which classifier.</param>
    /// <param name="outcome"><c>promoted</c>, <c>rejected</c>, <c>failed</c>, <c>cancelled</c> or <c>interrupted</c>.</param>
    /// <param name="trigger">What it was for: <c>feedback</c>, <c>import</c>, …</param>
    public void EndedRun(string classifier, string outcome, string trigger) =>
        _runs.Add(1, new(MeasureTags.Classifier, classifier), new(MeasureTags.Outcome, outcome), new(MeasureTags.Trigger, trigger));

    /// <summary>A run has left a stage.</summary>
    public void LeftStage(string classifier, string stage, TimeSpan duration) =>
        _stages.Record(duration.TotalSeconds, new(MeasureTags.Classifier, classifier), new(MeasureTags.Stage, stage));

    /// <summary>A full buffer has dropped something.</summary>
    /// <param name="buffer">Which: <c>shadow</c>, <c>tickets</c> (answered, but not kept), <c>ticket-log</c> (not in Elasticsearch), <c>rollups</c>, <c>logs</c>.</param>
    /// <param name="count">How many.</param>
    public void HasDropped(string buffer, long count) => _dropped.Add(count, new KeyValuePair<string, object?>(MeasureTags.Buffer, buffer));

    /// <summary>Reports the champions' accuracy whenever somebody asks.</summary>
    /// <param name="champions">Classifier, version and accuracy of those in service; must not wait.</param>
    public void ObserveChampions(Func<IEnumerable<(string Classifier, int Model, double Accuracy)>> champions)
    {
        ArgumentNullException.ThrowIfNull(champions);
        _meter.CreateObservableGauge(
            ChampionAccuracy,
            () => champions().Select(champion => new Measurement<double>(
                champion.Accuracy, new(MeasureTags.Classifier, champion.Classifier), new(MeasureTags.Model, champion.Model))),
            "1",
            "The champion's accuracy on its hold-out.");
    }

    // A tag's value is an object: made once for each version, not for each prediction.
    private static object Boxed(int model) => model >= 0 && model < Versions.Length ? Versions[model] : model;

    private static InstrumentAdvice<double> Boundaries(params double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };
}

/// <summary>The names of the measures' attributes.</summary>
public static class MeasureTags
{
    /// <summary>The classifier's name.</summary>
    public const string Classifier = "ticketaspire.classifier";

    /// <summary>The predicted category.</summary>
    public const string Category = "ticketaspire.category";

    /// <summary><c>auto</c> or <c>review</c>.</summary>
    public const string Route = "ticketaspire.route";

    /// <summary>The model's version.</summary>
    public const string Model = "ticketaspire.model";

    /// <summary>Whether feedback confirms the prediction; absent where none is known.</summary>
    public const string Agreed = "ticketaspire.feedback.agreed";

    /// <summary>How a run ended.</summary>
    public const string Outcome = "ticketaspire.run.outcome";

    /// <summary>What a run was for.</summary>
    public const string Trigger = "ticketaspire.run.trigger";

    /// <summary>A run's stage.</summary>
    public const string Stage = "ticketaspire.run.stage";

    /// <summary>Which buffer was full.</summary>
    public const string Buffer = "ticketaspire.buffer";
}
