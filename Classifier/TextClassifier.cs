using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Learning;
using TicketAspire.Classifier.Model;

namespace TicketAspire.Classifier;

/// <summary>A model of the own engine (<see cref="Trainer"/>). To predict allocates nothing.</summary>
public sealed class TextClassifier : TextModel
{
    [ThreadStatic]
    private static TextScorer? _scorer;

    [ThreadStatic]
    private static TextExplainer? _explainer;

    internal TextClassifier(IReadOnlyList<string> labels, float[] biases, IReadOnlyList<ViewWeights> views, NetworkWeights? network = null)
    {
        Labels = labels;
        Biases = biases;
        Words = views.SingleOrDefault(view => view.View != FeatureView.Characters);
        Characters = views.SingleOrDefault(view => view.View == FeatureView.Characters);
        Network = network;
        Memory = new WordMemory(labels.Count, Words, Characters, network);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Labels { get; }

    /// <summary>Each label's score where nothing is known of a text.</summary>
    internal float[] Biases { get; }

    /// <summary>The weights of words and pairs.</summary>
    internal ViewWeights? Words { get; }

    /// <summary>The weights of character n-grams.</summary>
    internal ViewWeights? Characters { get; }

    /// <summary>The network, if the model has one.</summary>
    internal NetworkWeights? Network { get; }

    /// <summary>What is remembered of words.</summary>
    internal WordMemory Memory { get; }

    // A scorer's buffers grow to the longest text and the largest model that its thread has met.
    private static TextScorer Scorer => _scorer ??= new TextScorer();

    private static TextExplainer Explainer => _explainer ??= new TextExplainer(Scorer);

    /// <inheritdoc/>
    public override int Predict(ReadOnlySpan<char> text, Span<double> confidences, out double unknown)
    {
        Check(confidences);
        var scores = Scorer.Score(this, text);
        var best = 0;
        for (var k = 0; k < scores.Length; k++)
        {
            confidences[k] = scores[k];
            best = scores[k] > scores[best] ? k : best;
        }

        Softmax.InPlace(confidences);
        unknown = Scorer.Text.UnknownShare;
        return best;
    }

    /// <summary>The score of every label: the logarithm of its confidence, up to a number common to all.</summary>
    internal float[] Score(ReadOnlySpan<char> text) => Scorer.Score(this, text).ToArray();

    /// <summary>The same before distrust of unknown words, as the training's scores are.</summary>
    internal void ScoreAsLearned(ReadOnlySpan<char> text, Span<float> scores) => Scorer.Sum(this, text).CopyTo(scores);

    /// <summary>
    /// What each word of the text added to a label's score, which is the label's log-odds against the (geometric) average
    /// label. A linear model's words account for the whole score. Where there is a network, its part of a word is by how much
    /// the score falls when the word is replaced by one never seen; what words do only together is left over.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="label">The label's number.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such label.</exception>
    public override Explanation Explain(ReadOnlySpan<char> text, int label)
    {
        Check(label);
        return Explainer.Explain(this, text, label);
    }

    /// <inheritdoc/>
    public override byte[] Write() => ModelFile.Write(this);
}

/// <summary>The answer for one text.</summary>
/// <param name="Label">The most likely label.</param>
/// <param name="Confidence">Its calibrated probability, 0 to 1.</param>
public readonly record struct Prediction(string Label, double Confidence);

/// <summary>Why a label got its score.</summary>
/// <param name="Bias">The part that no word accounts for.</param>
/// <param name="Words">Every word in text order.</param>
/// <param name="Together">What words do only together; 0 in a linear model. Bias, words and this add up to the score.</param>
public sealed record Explanation(float Bias, IReadOnlyList<ExplainedWord> Words, float Together = 0);

/// <summary>A word of the text and what it added to a label's score.</summary>
/// <param name="Start">Where it begins, in UTF-16 code units.</param>
/// <param name="Length">Its length in UTF-16 code units.</param>
/// <param name="Weight">
/// In the linear part the sum over its features: the word, its n-grams, and half of each pair that it is part of; in the
/// network's part what the score loses without it. Negative speaks against.
/// </param>
public readonly record struct ExplainedWord(int Start, int Length, float Weight);
