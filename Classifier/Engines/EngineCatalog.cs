namespace TicketAspire.Classifier.Engines;

/// <summary>The engines of this build. The own one is always there, ML.NET in the distributed edition (<c>MLNet/</c>).</summary>
public static partial class EngineCatalog
{
    /// <summary>What an ML.NET model's file begins with: a build without ML.NET knows it, too, to say what is missing.</summary>
    internal static ReadOnlySpan<byte> MLNetMagic => "TKTASMLN"u8;

    private static readonly List<Engine> Engines = Built();

    /// <summary>The names of the engines of this build, the own one first.</summary>
    public static IReadOnlyList<string> Names => [.. Engines.Select(engine => engine.Name)];

    /// <summary>An engine by its name.</summary>
    /// <exception cref="ArgumentException">There is no engine of that name.</exception>
    /// <exception cref="MissingEngineException">It is not in this build.</exception>
    public static Engine Get(string name) =>
        Engines.Find(engine => engine.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw (EngineNames.MLNet.Equals(name, StringComparison.OrdinalIgnoreCase)
            ? new MissingEngineException($"The engine '{name}'")
            : new ArgumentException($"There is no engine '{name}': it is '{EngineNames.Own}' or '{EngineNames.MLNet}'", nameof(name)));

    /// <summary>Reads a model with the engine that wrote its file.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a whole, unchanged model file.</exception>
    /// <exception cref="MissingEngineException">The engine is not in this build.</exception>
    public static TextModel Read(ReadOnlySpan<byte> file)
    {
        foreach (var engine in Engines)
        {
            if (engine.Wrote(file))
            {
                return engine.Read(file);
            }
        }

        throw file.StartsWith(MLNetMagic)
            ? new MissingEngineException("The model")
            : new InvalidDataException("This is not a model file.");
    }

    /// <summary>What takes over ML.NET's models.</summary>
    /// <exception cref="MissingEngineException">It is not in this build.</exception>
    public static IModelImport Import() =>
        Engines.OfType<IModelImport>().FirstOrDefault() ?? throw new MissingEngineException("To import a model");

    static partial void AddMLNet(List<Engine> engines);

    private static List<Engine> Built()
    {
        var engines = new List<Engine> { new OwnEngine() };
        AddMLNet(engines);
        return engines;
    }
}
