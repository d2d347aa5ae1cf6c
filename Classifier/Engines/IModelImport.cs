namespace TicketAspire.Classifier.Engines;

/// <summary>Takes over models that were trained elsewhere.</summary>
public interface IModelImport
{
    /// <summary>Makes a model of a file.</summary>
    /// <param name="file">A text classifier as the tool that trained it saved it.</param>
    /// <param name="textColumn">The name of the column that takes the text; null finds it, if there is no doubt.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or is not a text classifier; the message says why.</exception>
    TextModel Import(ReadOnlySpan<byte> file, string? textColumn);
}
