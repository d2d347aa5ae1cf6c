using System.Collections.Concurrent;
using Microsoft.ML;

namespace TicketAspire.Classifier.MLNet;

/// <summary>The engines of a model that nobody serves: to train, to measure, to compare.</summary>
internal sealed class EngineBag(Pipeline pipeline) : IEnginePool
{
    private readonly ConcurrentBag<PredictionEngine<TextInput, TextOutput>> _engines = [];

    /// <inheritdoc/>
    public PredictionEngine<TextInput, TextOutput> Rent() =>
        _engines.TryTake(out var engine) ? engine : pipeline.CreateEngine();

    /// <inheritdoc/>
    public void Return(PredictionEngine<TextInput, TextOutput> engine) => _engines.Add(engine);
}
