using Microsoft.ML;

namespace TicketAspire.Classifier.MLNet;

/// <summary>ML.NET's prediction engines of one model: each is for one thread at a time.</summary>
public interface IEnginePool
{
    /// <summary>Takes an engine, a new one if there is none.</summary>
    PredictionEngine<TextInput, TextOutput> Rent();

    /// <summary>Gives it back.</summary>
    void Return(PredictionEngine<TextInput, TextOutput> engine);
}
