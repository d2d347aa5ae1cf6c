using TicketAspire.Classifier.Learning;

namespace TicketAspire.Classifier;

/// <summary>
/// A trained model: says of any text which label it most likely has, how sure that is, and why. Immutable and safe to use
/// from any number of threads.
/// </summary>
public sealed class TextClassifier
{
    [ThreadStatic]
    private static TextScorer? _scorer;

    private readonly float[] _biases;

    internal TextClassifier(IReadOnlyList<string> labels, float[] biases, IReadOnlyList<ViewWeights> views)
    {
        Labels = labels;
        _biases = biases;
        Views = [.. views];
    }

    /// <summary>The labels, sorted ordinally; a label's position is its number in <see cref="Predict(ReadOnlySpan{char}, Span{double})"/>.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>An array: going through a list by its interface would allocate an enumerator for every text.</summary>
    internal ViewWeights[] Views { get; }

    internal IReadOnlyList<float> Biases => _biases;

    // A scorer's buffers grow to the longest text and the largest model that its thread has met.
    private static TextScorer Scorer => _scorer ??= new TextScorer();

    /// <summary>The most likely label of a text.</summary>
    public Prediction Predict(ReadOnlySpan<char> text)
    {
        Span<double> confidences = Labels.Count <= 256 ? stackalloc double[Labels.Count] : new double[Labels.Count];
        var best = Predict(text, confidences);
        return new Prediction(Labels[best], confidences[best]);
    }

    /// <summary>How likely each label is. Allocates nothing.</summary>
    /// <param name="text">Any text; without a known word the answer is what the labels' frequencies suggest.</param>
    /// <param name="confidences">Receives a calibrated probability for each label, in the order of <see cref="Labels"/>.</param>
    /// <returns>The number of the most likely label.</returns>
    /// <exception cref="ArgumentException"><paramref name="confidences"/> is not as long as <see cref="Labels"/>.</exception>
    public int Predict(ReadOnlySpan<char> text, Span<double> confidences)
    {
        if (confidences.Length != Labels.Count)
        {
            throw new ArgumentException($"There are {Labels.Count} labels.", nameof(confidences));
        }

        var scores = Scorer.Score(this, text);
        var best = 0;
        for (var k = 0; k < scores.Length; k++)
        {
            confidences[k] = scores[k];
            best = scores[k] > scores[best] ? k : best;
        }

        Softmax.InPlace(confidences);
        return best;
    }

    /// <summary>The score of every label: the logarithm of its confidence, up to a number common to all.</summary>
    internal float[] Score(ReadOnlySpan<char> text) => Scorer.Score(this, text).ToArray();

    /// <summary>
    /// What each word of the text added to a label's score. Exact: the weights and the bias add up to the score, which is
    /// the label's log-odds against the (geometric) average label.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="label">The label's number.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such label.</exception>
    public Explanation Explain(ReadOnlySpan<char> text, int label)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(label);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label, Labels.Count);
        return new Explanation(_biases[label], Scorer.Explain(this, text, label));
    }
}

/// <summary>The answer for one text.</summary>
/// <param name="Label">The most likely label.</param>
/// <param name="Confidence">Its calibrated probability, 0 to 1.</param>
public readonly record struct Prediction(string Label, double Confidence);

/// <summary>Why a label got its score.</summary>
/// <param name="Bias">The part that no word accounts for.</param>
/// <param name="Words">Every word in text order.</param>
public sealed record Explanation(float Bias, IReadOnlyList<ExplainedWord> Words);

/// <summary>A word of the text and what it added to a label's score.</summary>
/// <param name="Start">Where it begins, in UTF-16 code units.</param>
/// <param name="Length">Its length in UTF-16 code units.</param>
/// <param name="Weight">
/// The sum over its features: the word, its n-grams, and half of each pair that it is part of. Negative speaks against.
/// </param>
public readonly record struct ExplainedWord(int Start, int Length, float Weight);
