using Microsoft.Extensions.Configuration;
using TicketAspire.Contracts;

namespace TicketAspire.ServiceDefaults.Settings;

/// <summary>
/// What applies to a classifier: its own settings (<c>PUT /classifiers/{name}/settings</c>), else
/// <c>Classifiers:{name}:…</c> in the configuration, else what is configured for all.
/// </summary>
public sealed class ClassifierDefaults(IConfiguration configuration)
{
    private const string EngineDefault = "own";
    private const int RetrainAfterDefault = 10;
    private const double TargetPrecisionDefault = 0.95;
    private const double LeastThresholdDefault = 0.5;

    /// <summary>The classifier that <c>POST /predict</c> asks (<c>Classifiers:Default</c>).</summary>
    public string Default { get; } = configuration["Classifiers:Default"] ?? "tickets";

    /// <summary>How many feedback entries that no model has seen start a run (<c>Retraining:After</c>).</summary>
    public int RetrainAfter(ClassifierInfo classifier) =>
        Math.Max(1, classifier.Settings.RetrainAfter
            ?? configuration.GetValue<int?>($"Classifiers:{classifier.Name}:RetrainAfter")
            ?? configuration.GetValue("Retraining:After", RetrainAfterDefault));

    /// <summary>
    /// What the classifier's models are trained with, <c>own</c> or <c>mlnet</c> (<c>Classifiers:{name}:Engine</c>, else
    /// <c>Retraining:Engine</c>).
    /// </summary>
    public string Engine(ClassifierInfo classifier) =>
        configuration[$"Classifiers:{classifier.Name}:Engine"] ?? configuration["Retraining:Engine"] ?? EngineDefault;

    /// <summary>Whether feedback may have a label that the data set does not (<c>Classifiers:{name}:AllowNewLabels</c>).</summary>
    public bool AllowNewLabels(ClassifierInfo classifier) =>
        classifier.Settings.AllowNewLabels
        ?? configuration.GetValue($"Classifiers:{classifier.Name}:AllowNewLabels", defaultValue: false);

    /// <summary>The precision that automatically routed tickets should have, 0 to 1 (<c>Routing:TargetPrecision</c>).</summary>
    public double TargetPrecision(ClassifierInfo classifier) =>
        classifier.Settings.TargetPrecision
        ?? configuration.GetValue<double?>($"Classifiers:{classifier.Name}:TargetPrecision")
        ?? configuration.GetValue("Routing:TargetPrecision", TargetPrecisionDefault);

    /// <summary>
    /// No computed threshold is lower than this (<c>Routing:LeastThreshold</c>): an answer that is more likely wrong than
    /// right routes nothing, even where so few answers are wrong that the target precision would allow it. What belongs to
    /// no category would be routed, too.
    /// </summary>
    public double LeastThreshold { get; } = configuration.GetValue("Routing:LeastThreshold", LeastThresholdDefault);

    /// <summary>
    /// A confidence from which tickets are routed automatically, 0 to 1 (<c>Classifiers:{name}:Threshold</c>); null means
    /// the one that was computed for each model.
    /// </summary>
    public double? Threshold(ClassifierInfo classifier) =>
        classifier.Settings.Threshold ?? configuration.GetValue<double?>($"Classifiers:{classifier.Name}:Threshold");
}
