using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;
using TicketAspire.Classifier.MLNet;

namespace TicketAspire.Inference.MLNet;

/// <summary>The pool by the framework's object pool, which keeps twice as many engines as there are processors.</summary>
internal sealed class OwnPool(Pipeline pipeline) : IEnginePool
{
    private readonly ObjectPool<PredictionEngine<TextInput, TextOutput>> _pool =
        new DefaultObjectPool<PredictionEngine<TextInput, TextOutput>>(new Making(pipeline));

    /// <inheritdoc/>
    public PredictionEngine<TextInput, TextOutput> Rent() => _pool.Get();

    /// <inheritdoc/>
    public void Return(PredictionEngine<TextInput, TextOutput> engine) => _pool.Return(engine);

    private sealed class Making(Pipeline pipeline) : PooledObjectPolicy<PredictionEngine<TextInput, TextOutput>>
    {
        public override PredictionEngine<TextInput, TextOutput> Create() => pipeline.CreateEngine();

        public override bool Return(PredictionEngine<TextInput, TextOutput> obj) => true;
    }
}
