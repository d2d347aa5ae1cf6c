namespace TicketAspire.Classifier.Engines;

/// <summary>The engine of this library: <see cref="Trainer"/> and <see cref="ModelFile"/>.</summary>
public sealed class OwnEngine : Engine
{
    /// <inheritdoc/>
    public override string Name => EngineNames.Own;

    /// <inheritdoc/>
    public override string Describe(TrainingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.ToString();
    }

    /// <inheritdoc/>
    public override TrainedModel Train(
        IReadOnlyList<LabelledText> examples,
        TrainingSettings settings,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        var trained = Trainer.Train(examples, settings, progress, network: null, cancellation);
        return new TrainedModel(trained.Model, trained.OutOfFold);
    }

    /// <inheritdoc/>
    public override bool Wrote(ReadOnlySpan<byte> file) => ModelFile.Begins(file);

    /// <inheritdoc/>
    public override TextModel Read(ReadOnlySpan<byte> file) => ModelFile.Read(file);
}
