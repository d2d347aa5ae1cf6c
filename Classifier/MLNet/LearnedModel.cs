using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Learning;
using TicketAspire.Classifier.Model;

namespace TicketAspire.Classifier.MLNet;

/// <summary>
/// What <see cref="MLNetTraining"/> trains: ML.NET's pipeline makes n-grams of a text, and each has a weight for every label,
/// into which the calibration is folded.
/// </summary>
internal sealed class LearnedModel : MLNetModel
{
    [ThreadStatic]
    private static WordedText? _words;

    [ThreadStatic]
    private static float[]? _sums;

    private readonly FeatureTable _known;
    private readonly Lazy<NGramExplainer> _explainer;

    /// <summary>Puts it together.</summary>
    /// <param name="labels">The labels, sorted ordinally.</param>
    /// <param name="biases">Each label's score where nothing is known of a text.</param>
    /// <param name="weights">A row for each feature of the pipeline.</param>
    /// <param name="known">The <see cref="FeatureWalk.Word"/> of each known word, each once.</param>
    /// <param name="pipeline">Gives <see cref="TextOutput.Values"/>: a text's features.</param>
    /// <param name="file">The pipeline as a file.</param>
    /// <param name="engines">What the pipeline is asked through; null for a bag of its own.</param>
    public LearnedModel(
        IReadOnlyList<string> labels, float[] biases, ByteRows weights, uint[] known, Pipeline pipeline, byte[] file, IEnginePool? engines = null)
        : base(pipeline, file, engines)
    {
        Labels = labels;
        Biases = biases;
        Weights = weights;
        _known = new FeatureTable(known);
        _explainer = new Lazy<NGramExplainer>(() => new NGramExplainer(Weights, pipeline));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Labels { get; }

    public float[] Biases { get; }

    public ByteRows Weights { get; }

    public uint[] Known => _known.Keys;

    private static WordedText Words => _words ??= new WordedText();

    /// <inheritdoc/>
    public override MLNetModel With(IEnginePool engines) =>
        new LearnedModel(Labels, Biases, Weights, Known, Pipeline, File, engines);

    /// <inheritdoc/>
    public override int Predict(ReadOnlySpan<char> text, Span<double> confidences, out double unknown)
    {
        Check(confidences);
        var words = Words;
        words.Read(text);
        unknown = words.UnknownShare(_known);
        var scores = Sum(words);
        var familiarity = Familiarity.Of(unknown);
        var best = 0;
        for (var k = 0; k < confidences.Length; k++)
        {
            confidences[k] = scores[k] * familiarity;
            best = scores[k] > scores[best] ? k : best;
        }

        Softmax.InPlace(confidences);
        return best;
    }

    /// <inheritdoc/>
    public override Explanation Explain(ReadOnlySpan<char> text, int label)
    {
        Check(label);
        var words = Words;
        words.Read(text);
        var sharing = new Sharing(_explainer.Value, words, label);
        Run(words.Text, ref sharing);
        var familiarity = Familiarity.Of(words.UnknownShare(_known));
        var explained = new ExplainedWord[words.Tokens.Length];
        for (var i = 0; i < explained.Length; i++)
        {
            var token = words.Tokens[i];
            explained[i] = new ExplainedWord(token.SourceStart, token.SourceLength, sharing.Added[i] * familiarity);
        }

        return new Explanation(Biases[label] * familiarity, explained, sharing.Left * familiarity);
    }

    /// <inheritdoc/>
    public override byte[] Write() => MLNetFile.Write(this);

    private ReadOnlySpan<float> Sum(WordedText words)
    {
        var stride = ByteRows.Stride(Labels.Count);
        if (_sums?.Length != stride)
        {
            _sums = new float[stride];
        }

        Biases.CopyTo(_sums, 0);
        _sums.AsSpan(Labels.Count).Clear();
        var summing = new Summing(Weights, _sums);
        Run(words.Text, ref summing);
        return _sums.AsSpan(0, Labels.Count);
    }

    private readonly struct Summing(ByteRows weights, float[] sums) : ITakeValues
    {
        public void Take(in VBuffer<float> values)
        {
            ref var sum = ref MemoryMarshal.GetArrayDataReference(sums);
            var numbers = values.GetValues();
            var places = values.GetIndices();
            for (var i = 0; i < numbers.Length; i++)
            {
                weights.AddTo(ref sum, values.IsDense ? i : places[i], numbers[i]);
            }
        }
    }

    private struct Sharing(NGramExplainer explainer, WordedText words, int label) : ITakeValues
    {
        public float[] Added { get; private set; } = [];

        public float Left { get; private set; }

        public void Take(in VBuffer<float> values) => (Added, Left) = explainer.Share(values, words, label);
    }
}
