using TicketAspire.Classifier;
using TicketAspire.Contracts;

namespace TicketAspire.Inference.Champions;

/// <summary>A champion in memory: everything that one answer is made from, so that no answer mixes two versions.</summary>
/// <param name="Name">The classifier.</param>
/// <param name="Label">What its label is called.</param>
/// <param name="Version">The model version.</param>
/// <param name="Checksum">The model file's checksum: a version of the same number after a restore from backup differs in it.</param>
/// <param name="Threshold">The confidence from which a ticket is routed without a person.</param>
/// <param name="Accuracy">Its accuracy on its hold-out, 0 to 1.</param>
/// <param name="Model">The model.</param>
/// <param name="Challenger">The model that predicts beside it without being heard; null when there is none.</param>
internal sealed record ServedModel(
    string Name, LabelKind Label, int Version, string Checksum, double Threshold, double Accuracy, TextModel Model,
    ChallengerModel? Challenger = null);

/// <summary>A challenger in memory.</summary>
/// <param name="Version">The model version.</param>
/// <param name="Checksum">The model file's checksum.</param>
/// <param name="Threshold">The confidence from which it would route a ticket without a person.</param>
/// <param name="Model">The model.</param>
internal sealed record ChallengerModel(int Version, string Checksum, double Threshold, TextModel Model);
