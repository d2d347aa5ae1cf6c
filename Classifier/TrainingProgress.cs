namespace TicketAspire.Classifier;

/// <summary>The steps of <see cref="Trainer.Train"/>.</summary>
public enum TrainingStage
{
    /// <summary>Texts become features.</summary>
    Features,

    /// <summary>Weights and out-of-fold scores are learned.</summary>
    Training,

    /// <summary>Confidences are fitted.</summary>
    Calibrating,
}

/// <summary>How far the training is.</summary>
/// <param name="Stage">The step.</param>
/// <param name="Done">How much of the step is done, 0 to 1.</param>
public readonly record struct TrainingProgress(TrainingStage Stage, double Done);
