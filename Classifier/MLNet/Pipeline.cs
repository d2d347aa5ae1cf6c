using Microsoft.ML;
using Microsoft.ML.Data;

namespace TicketAspire.Classifier.MLNet;

/// <summary>ML.NET's part of a model: from <see cref="TextInput.Text"/> to <see cref="TextOutput.Values"/>.</summary>
/// <param name="Context">Where it was loaded.</param>
/// <param name="Transformer">The whole chain.</param>
/// <param name="Input">The columns that the file says it was saved with.</param>
public sealed record Pipeline(MLContext Context, ITransformer Transformer, DataViewSchema Input)
{
    /// <summary>The columns that come out.</summary>
    public DataViewSchema Output => Transformer.GetOutputSchema(Context.Data.LoadFromEnumerable<TextInput>([]).Schema);

    /// <summary>A chain that ends with one of its columns as <see cref="TextOutput.Values"/>.</summary>
    public Pipeline Giving(string column)
    {
        var copying = Context.Transforms.CopyColumns(nameof(TextOutput.Values), column)
            .Fit(Transformer.Transform(Context.Data.LoadFromEnumerable<TextInput>([])));
        return this with { Transformer = new TransformerChain<ITransformer>(Transformer, copying) };
    }

    /// <summary>A new engine, for one thread at a time. Whoever disposes it leaves the pipeline to the others.</summary>
    public PredictionEngine<TextInput, TextOutput> CreateEngine() =>
        Context.Model.CreatePredictionEngine<TextInput, TextOutput>(Transformer, new PredictionEngineOptions { OwnsTransformer = false });
}
