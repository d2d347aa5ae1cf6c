namespace TicketAspire.Classifier.Learning;

/// <summary>What models that have not seen a text say of it: what the stacking is fitted to.</summary>
/// <param name="Views">For each view, each text's scores, class by class: <c>Views[view][text * classes + class]</c>.</param>
/// <param name="Familiarity">What each text's combined scores are multiplied by.</param>
internal sealed record OutOfFoldScores(float[][] Views, float[] Familiarity);
