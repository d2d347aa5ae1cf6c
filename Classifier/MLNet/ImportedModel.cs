using Microsoft.ML.Data;
using TicketAspire.Classifier.Learning;

namespace TicketAspire.Classifier.MLNet;

/// <summary>
/// A text classifier that somebody else trained with ML.NET. Its confidences are its own: probabilities where its scores are
/// such, else the softmax of the scores. Which words it knows it does not say.
/// </summary>
internal sealed class ImportedModel : MLNetModel
{
    /// <summary>A model's scores are taken for probabilities if those of this text add up to 1.</summary>
    private const string Probe = "The printer on the second floor prints nothing";

    /// <summary>How far from 1 rounding may bring the sum of probabilities.</summary>
    private const double Rounding = 1e-3;

    private readonly int[] _order;
    private readonly bool _probabilities;

    private ImportedModel(string textColumn, string[] labels, int[] order, bool? probabilities, Pipeline pipeline, byte[] file, IEnginePool? engines)
        : base(pipeline, file, engines)
    {
        TextColumn = textColumn;
        Labels = labels;
        _order = order;
        _probabilities = probabilities ?? GivesProbabilities();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Labels { get; }

    /// <summary>The column of the user's pipeline that takes the text.</summary>
    public string TextColumn { get; }

    /// <summary>Makes a model of a pipeline.</summary>
    /// <param name="file">The zip.</param>
    /// <param name="textColumn">The column that takes the text; null finds it.</param>
    /// <exception cref="InvalidDataException">It cannot be loaded, or is not a text classifier.</exception>
    public static ImportedModel Of(byte[] file, string? textColumn)
    {
        var loaded = PipelineFile.Load(seed: 1, file);
        try
        {
            var column = ForeignPipeline.TextColumn(loaded, textColumn);
            var pipeline = ForeignPipeline.FromTextAlone(loaded, column);
            var names = ForeignPipeline.Labels(pipeline);
            var order = Enumerable.Range(0, names.Length).OrderBy(place => names[place], StringComparer.Ordinal).ToArray();
            return new ImportedModel(
                column, [.. order.Select(place => names[place])], order, probabilities: null, pipeline.Giving(ForeignPipeline.Score), file, engines: null);
        }
        catch (Exception exception) when (exception is not InvalidDataException && !PipelineFile.IsOfTheMachine(exception))
        {
            throw new InvalidDataException($"The model does not answer for a text alone: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public override MLNetModel With(IEnginePool engines) =>
        new ImportedModel(TextColumn, [.. Labels], _order, _probabilities, Pipeline, File, engines);

    /// <inheritdoc/>
    public override int Predict(ReadOnlySpan<char> text, Span<double> confidences, out double unknown)
    {
        Check(confidences);
        unknown = 0;
        Score(text.ToString(), confidences);
        if (!_probabilities)
        {
            Softmax.InPlace(confidences);
        }

        var best = 0;
        for (var k = 1; k < confidences.Length; k++)
        {
            best = confidences[k] > confidences[best] ? k : best;
        }

        return best;
    }

    /// <inheritdoc/>
    public override Explanation Explain(ReadOnlySpan<char> text, int label)
    {
        Check(label);
        return Occlusion.Explain(this, text, label);
    }

    /// <inheritdoc/>
    public override byte[] Write() => MLNetFile.Write(this);

    private void Score(string text, Span<double> scores)
    {
        var taking = new Taking(scores, _order);
        Run(text, ref taking);
    }

    private bool GivesProbabilities()
    {
        var scores = new double[_order.Length];
        Score(Probe, scores);
        return Array.TrueForAll(scores, score => score is >= 0 and <= 1) && Math.Abs(scores.Sum() - 1) < Rounding;
    }

    private readonly ref struct Taking(Span<double> scores, int[] order) : ITakeValues
    {
        private readonly Span<double> _scores = scores;

        // A number that is none would be an answer that is none.
        public void Take(in VBuffer<float> values)
        {
            for (var k = 0; k < order.Length; k++)
            {
                var score = values.GetItemOrDefault(order[k]);
                _scores[k] = float.IsFinite(score) ? score : 0;
            }
        }
    }
}
