using TicketAspire.Classifier.Evaluation;

namespace TicketAspire.Classifier;

/// <summary>What a training gives, whatever engine it was.</summary>
/// <param name="Model">The model.</param>
/// <param name="OutOfFold">For each example, what models that had not seen it answered.</param>
public sealed record TrainedModel(TextModel Model, IReadOnlyList<Judgement> OutOfFold);
