namespace TicketAspire.Classifier.Engines;

/// <summary>Something needs ML.NET, and this build has none. The message says what to do.</summary>
public sealed class MissingEngineException : Exception
{
    /// <summary>Creates it.</summary>
    /// <param name="need">What needs the engine, as the beginning of a sentence: <c>The model</c>.</param>
    public MissingEngineException(string need)
        : base($"{need} needs ML.NET, which this build does not have: use the distributed edition (dotnet build -p:Distributed=true), or the engine '{EngineNames.Own}'")
    {
    }
}
