namespace TicketAspire.Classifier.Engines;

/// <summary>The engines that a program has. Who composes it says which: this library knows its own alone.</summary>
/// <param name="engines">The engines; the first is the one that is used unless another is named.</param>
public sealed class EngineCatalog(params IReadOnlyList<Engine> engines)
{
    /// <summary>The names of the engines, in their order.</summary>
    public IReadOnlyList<string> Names => [.. engines.Select(engine => engine.Name)];

    /// <summary>An engine by its name; null if there is none. Upper or lower case is the same.</summary>
    public Engine? Find(string name) => engines.FirstOrDefault(engine => engine.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>An engine by its name.</summary>
    /// <exception cref="ArgumentException">There is none of that name; the message names those that there are.</exception>
    public Engine Get(string name) =>
        Find(name) ?? throw new ArgumentException($"There is no engine '{name}': it is {string.Join(" or ", Names)}", nameof(name));

    /// <summary>Reads a model with the engine that wrote its file.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a whole, unchanged model file of one of the engines.</exception>
    /// <exception cref="IOException">There is no room to read it in; the file may be well.</exception>
    public TextModel Read(ReadOnlySpan<byte> file)
    {
        foreach (var engine in engines)
        {
            if (engine.Wrote(file))
            {
                return engine.Read(file);
            }
        }

        throw new InvalidDataException("This is not a model file.");
    }
}
