using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Text;

namespace TicketAspire.Classifier.MLNet;

/// <summary>
/// ML.NET's text features: words with their pairs, and groups of three characters, each kind of unit length. Texts come
/// normalised by this library, so that words have their places and "unknown" means the same for both engines.
/// </summary>
internal static class NGrams
{
    /// <summary>The column that the features are in.</summary>
    public const string Features = "Features";

    /// <summary>Learns which n-grams there are.</summary>
    /// <param name="context">Where.</param>
    /// <param name="texts">Normalised texts.</param>
    /// <param name="cancellation">Gives up between two texts.</param>
    public static (ITransformer Transformer, DataViewSchema Input) Fit(MLContext context, IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var options = new TextFeaturizingEstimator.Options
        {
            CaseMode = TextNormalizingEstimator.CaseMode.None,
            KeepDiacritics = true,
            KeepNumbers = true,
            KeepPunctuations = true,
        };
        var view = context.Data.LoadFromEnumerable(Inputs(texts, cancellation));
        return (context.Transforms.Text.FeaturizeText(Features, options, nameof(TextInput.Text)).Fit(view), view.Schema);
    }

    /// <summary>How many features a pipeline gives.</summary>
    public static int Count(Pipeline pipeline) =>
        pipeline.Output[nameof(TextOutput.Values)].Type is VectorDataViewType { IsKnownSize: true } vector ? vector.Size : 0;

    /// <summary>The features of all texts.</summary>
    public static VBuffer<float>[] Of(Pipeline pipeline, string[] texts, ParallelOptions parallel)
    {
        var features = new VBuffer<float>[texts.Length];
        Parallel.For(0, texts.Length, parallel, pipeline.CreateEngine, (text, _, engine) =>
        {
            var values = engine.Predict(new TextInput { Text = texts[text] }).Values;
            // A copy: the engine's own changes with the next text.
            features[text] = new VBuffer<float>(
                values.Length, values.GetValues().Length, [.. values.GetValues()], values.IsDense ? null : [.. values.GetIndices()]);
            return engine;
        }, engine => engine.Dispose());
        return features;
    }

    private static IEnumerable<TextInput> Inputs(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        foreach (var text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new TextInput { Text = text };
        }
    }
}
