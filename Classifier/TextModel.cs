namespace TicketAspire.Classifier;

/// <summary>
/// A trained model, whatever it was trained with: says of any text which label it most likely has, how sure that is, and
/// why. Immutable and safe to use from any number of threads.
/// </summary>
public abstract class TextModel
{
    /// <summary>Up to so many labels their confidences are on the stack.</summary>
    private const int LabelsOnStack = 256;

    /// <summary>The labels, sorted ordinally; a label's position is its number in <see cref="Predict(ReadOnlySpan{char}, Span{double})"/>.</summary>
    public abstract IReadOnlyList<string> Labels { get; }

    /// <summary>The most likely label of a text.</summary>
    public Prediction Predict(ReadOnlySpan<char> text)
    {
        Span<double> confidences = Labels.Count <= LabelsOnStack ? stackalloc double[Labels.Count] : new double[Labels.Count];
        var best = Predict(text, confidences);
        return new Prediction(Labels[best], confidences[best]);
    }

    /// <summary>The most likely label of each text, over all cores.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="threads">How many threads to use at most; null for one for each core.</param>
    public Prediction[] Predict(IReadOnlyList<string> texts, int? threads = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var predictions = new Prediction[texts.Count];
        Parallel.For(
            0,
            predictions.Length,
            new ParallelOptions { MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount },
            i => predictions[i] = Predict(texts[i]));
        return predictions;
    }

    /// <summary>How likely each label is.</summary>
    /// <param name="text">Any text; without a known word the answer is what the labels' frequencies suggest.</param>
    /// <param name="confidences">Receives a calibrated probability for each label, in the order of <see cref="Labels"/>.</param>
    /// <returns>The number of the most likely label.</returns>
    /// <exception cref="ArgumentException"><paramref name="confidences"/> is not as long as <see cref="Labels"/>.</exception>
    public int Predict(ReadOnlySpan<char> text, Span<double> confidences) => Predict(text, confidences, out _);

    /// <summary>The same, and how strange the text is.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="confidences">Receives a calibrated probability for each label.</param>
    /// <param name="unknown">
    /// The share of the text's words that the model does not know, 0 to 1; 1 for a text without a word. 0 where a model does
    /// not say which words it knows.
    /// </param>
    /// <returns>The number of the most likely label.</returns>
    /// <exception cref="ArgumentException"><paramref name="confidences"/> is not as long as <see cref="Labels"/>.</exception>
    public abstract int Predict(ReadOnlySpan<char> text, Span<double> confidences, out double unknown);

    /// <summary>What each word of the text added to a label's score.</summary>
    /// <param name="text">The text.</param>
    /// <param name="label">The label's number.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such label.</exception>
    public abstract Explanation Explain(ReadOnlySpan<char> text, int label);

    /// <summary>The model file; <see cref="Engines.EngineCatalog.Read"/> of a catalogue with its engine reads it. Equal models give equal bytes.</summary>
    public abstract byte[] Write();

    /// <summary>Refuses a place for confidences that has another length than there are labels.</summary>
    private protected void Check(ReadOnlySpan<double> confidences)
    {
        if (confidences.Length != Labels.Count)
        {
            throw new ArgumentException($"There are {Labels.Count} labels.", nameof(confidences));
        }
    }

    /// <summary>Refuses the number of a label that there is not.</summary>
    private protected void Check(int label)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(label);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label, Labels.Count);
    }
}
