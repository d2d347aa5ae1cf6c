using Microsoft.Extensions.ML;
using Microsoft.Extensions.Primitives;
using Microsoft.ML;
using TicketAspire.Classifier.MLNet;

namespace TicketAspire.Inference.MLNet;

/// <summary>
/// The pool by Microsoft.Extensions.ML: a <see cref="PredictionEnginePool{TData, TPrediction}"/> of the version's own. Its
/// model never changes: a pool that reloads puts engines of the old model back among those of the new one, which then answer
/// on.
/// </summary>
internal sealed class PackagePool : IEnginePool
{
    private readonly PredictionEnginePool<TextInput, TextOutput> _pool;

    /// <summary>Prepares the pool, without engines.</summary>
    public PackagePool(Pipeline pipeline)
    {
        var services = new ServiceCollection();
        services.AddPredictionEnginePool<TextInput, TextOutput>();
        services.Configure<MLOptions>(options => options.MLContext = pipeline.Context);
        services.Configure<PredictionEnginePoolOptions<TextInput, TextOutput>>(
            options => options.ModelLoader = new LoadedModel(pipeline.Transformer));
        _pool = services.BuildServiceProvider().GetRequiredService<PredictionEnginePool<TextInput, TextOutput>>();
    }

    /// <inheritdoc/>
    public PredictionEngine<TextInput, TextOutput> Rent() => _pool.GetPredictionEngine();

    /// <inheritdoc/>
    public void Return(PredictionEngine<TextInput, TextOutput> engine) => _pool.ReturnPredictionEngine(engine);

    /// <summary>A model that is in memory, and stays as it is.</summary>
    private sealed class LoadedModel(ITransformer model) : ModelLoader
    {
        private static readonly CancellationChangeToken Never = new(CancellationToken.None);

        public override IChangeToken GetReloadToken() => Never;

        public override ITransformer GetModel() => model;
    }
}
