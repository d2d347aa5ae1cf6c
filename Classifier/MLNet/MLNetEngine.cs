using System.Reflection;
using Microsoft.ML;
using TicketAspire.Classifier.Engines;

namespace TicketAspire.Classifier.MLNet;

/// <summary>Microsoft's ML.NET as an engine.</summary>
public sealed class MLNetEngine : Engine, IModelImport
{
    /// <summary>Counts up when the same settings come to give other models.</summary>
    private const string Kind = "mlnet/1";

    /// <inheritdoc/>
    public override string Name => EngineNames.MLNet;

    /// <inheritdoc/>
    public override string Describe(TrainingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        // Another version of ML.NET may learn something else.
        var version = typeof(MLContext).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
        return string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{Kind} ML.NET={version} epochs={(settings.Epochs is { } epochs ? epochs : "auto")} folds={settings.Folds}");
    }

    /// <inheritdoc/>
    public override TrainedModel Train(
        IReadOnlyList<LabelledText> examples,
        TrainingSettings settings,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(settings);
        return MLNetTraining.Run(examples, settings, progress, cancellation);
    }

    /// <inheritdoc/>
    public override bool Wrote(ReadOnlySpan<byte> file) => MLNetFile.Begins(file);

    /// <inheritdoc/>
    public override TextModel Read(ReadOnlySpan<byte> file) => MLNetFile.Read(file);

    /// <inheritdoc/>
    public TextModel Import(ReadOnlySpan<byte> file, string? textColumn) =>
        ImportedModel.Of(PipelineFile.Normalize(file.ToArray()), textColumn);
}
