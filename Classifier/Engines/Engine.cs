namespace TicketAspire.Classifier.Engines;

/// <summary>A way to learn: trains models and reads the files of those that it trained.</summary>
public abstract class Engine
{
    /// <summary>One of <see cref="EngineNames"/>.</summary>
    public abstract string Name { get; }

    /// <summary>What of an engine's own and of the settings determines a model's bytes, as text for its lineage; begins with the name of the kind.</summary>
    public abstract string Describe(TrainingSettings settings);

    /// <summary>
    /// Trains a model. The same examples in the same order, with the same settings and seed, give the same bytes, on any
    /// number of threads.
    /// </summary>
    /// <param name="examples">At least two different labels; a few examples of each are enough to begin.</param>
    /// <param name="settings">How to train.</param>
    /// <param name="progress">Hears how far the training is; may be called from several threads.</param>
    /// <param name="cancellation">Ends the training with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">There are fewer than two different labels.</exception>
    public abstract TrainedModel Train(
        IReadOnlyList<LabelledText> examples,
        TrainingSettings settings,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default);

    /// <summary>Whether a file begins as this engine's do.</summary>
    public abstract bool Wrote(ReadOnlySpan<byte> file);

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a whole, unchanged model file of this engine.</exception>
    /// <exception cref="IOException">There is no room to read it in; the file may be well.</exception>
    public abstract TextModel Read(ReadOnlySpan<byte> file);
}
