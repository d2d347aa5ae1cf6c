namespace TicketAspire.Classifier.Engines;

/// <summary>What engines are called in settings and lineages; upper or lower case is the same.</summary>
public static class EngineNames
{
    /// <summary>The engine of this library.</summary>
    public const string Own = "own";

    /// <summary>Microsoft's ML.NET (<c>Classifier/MLNet</c>).</summary>
    public const string MLNet = "mlnet";
}
