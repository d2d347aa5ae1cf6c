using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Text;

namespace TicketAspire.Classifier;

/// <summary>The buffers with which one thread scores texts, one after the other.</summary>
internal sealed class TextScorer
{
    private readonly TokenBuffer _tokens = new();
    private int[] _counts = [];
    private int[] _rows = new int[1024];
    private float[] _values = new float[1024];
    private float[] _scores = [];

    /// <summary>The score of every label; valid until the next call.</summary>
    public ReadOnlySpan<float> Score(TextClassifier model, ReadOnlySpan<char> text)
    {
        if (_scores.Length < model.Labels.Count)
        {
            _scores = new float[model.Labels.Count];
        }

        var scores = _scores.AsSpan(0, model.Labels.Count);
        for (var k = 0; k < scores.Length; k++)
        {
            scores[k] = model.Biases[k];
        }

        _tokens.Read(text);
        foreach (var weights in model.Views)
        {
            var found = Count(weights);
            var scale = FeatureValue.Scale(_values.AsSpan(0, found));
            for (var i = 0; i < found; i++)
            {
                weights.Add(_rows[i], _values[i] * scale, scores);
                _counts[_rows[i]] = 0;
            }
        }

        return scores;
    }

    /// <summary>What each word adds to a label's score.</summary>
    public ExplainedWord[] Explain(TextClassifier model, ReadOnlySpan<char> text, int label)
    {
        _tokens.Read(text);
        var added = new float[_tokens.Count];
        foreach (var weights in model.Views)
        {
            var found = Count(weights);
            var scale = FeatureValue.Scale(_values.AsSpan(0, found));
            var sharing = new Sharing(weights, _counts, added, scale, label, model.Labels.Count);
            FeatureWalk.Visit(_tokens, weights.View, ref sharing);
            for (var i = 0; i < found; i++)
            {
                _counts[_rows[i]] = 0;
            }
        }

        var words = new ExplainedWord[_tokens.Count];
        for (var i = 0; i < words.Length; i++)
        {
            var token = _tokens.Tokens[i];
            words[i] = new ExplainedWord(token.SourceStart, token.SourceLength, added[i]);
        }

        return words;
    }

    // Afterwards the first so many _rows and _values are the text's known features, and _counts holds their counts.
    private int Count(ViewWeights weights)
    {
        if (_counts.Length < weights.Features.Length)
        {
            _counts = new int[weights.Features.Length];
        }

        var counting = new Counting(weights, this);
        FeatureWalk.Visit(_tokens, weights.View, ref counting);
        if (_values.Length < counting.Found)
        {
            _values = new float[_rows.Length];
        }

        for (var i = 0; i < counting.Found; i++)
        {
            _values[i] = FeatureValue.Of(weights.View, _counts[_rows[i]]);
        }

        return counting.Found;
    }

    private void Remember(int row, int position)
    {
        if (position == _rows.Length)
        {
            Array.Resize(ref _rows, _rows.Length * 2);
        }

        _rows[position] = row;
    }

    private struct Counting(ViewWeights weights, TextScorer scorer) : IFeatureSink
    {
        public int Found { get; private set; }

        public void Take(FeatureView view, uint hash, int first, int second)
        {
            var row = weights.Find(hash);
            if (row >= 0 && scorer._counts[row]++ == 0)
            {
                scorer.Remember(row, Found++);
            }
        }
    }

    // A feature's part of the score is shared equally by its occurrences, and a pair's by its two words.
    private readonly struct Sharing(
        ViewWeights weights, int[] counts, float[] added, float scale, int label, int labels) : IFeatureSink
    {
        public void Take(FeatureView view, uint hash, int first, int second)
        {
            var row = weights.Find(hash);
            if (row >= 0)
            {
                var part = FeatureValue.Of(view, counts[row]) / counts[row] * scale * weights.Of(row, label, labels) / 2;
                added[first] += part;
                added[second] += part;
            }
        }
    }
}
