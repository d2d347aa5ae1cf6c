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
        var stride = ViewWeights.Stride(model.Labels.Count);
        if (_scores.Length < stride)
        {
            _scores = new float[stride];
        }

        var scores = _scores.AsSpan(0, stride);
        for (var k = 0; k < model.Labels.Count; k++)
        {
            scores[k] = model.Biases[k];
        }

        _tokens.Read(text);
        foreach (var weights in model.Views)
        {
            var found = Count(weights, out var scale);
            weights.Add(_rows.AsSpan(0, found), _values.AsSpan(0, found), scale, scores);
            Forget(found);
        }

        return scores[..model.Labels.Count];
    }

    /// <summary>What each word adds to a label's score.</summary>
    public ExplainedWord[] Explain(TextClassifier model, ReadOnlySpan<char> text, int label)
    {
        _tokens.Read(text);
        var added = new float[_tokens.Count];
        foreach (var weights in model.Views)
        {
            var found = Count(weights, out var scale);
            var sharing = new Sharing(weights, _counts, added, scale, label, model.Labels.Count);
            FeatureWalk.Visit(_tokens, weights.View, ref sharing);
            Forget(found);
        }

        var words = new ExplainedWord[_tokens.Count];
        for (var i = 0; i < words.Length; i++)
        {
            var token = _tokens.Tokens[i];
            words[i] = new ExplainedWord(token.SourceStart, token.SourceLength, added[i]);
        }

        return words;
    }

    // Afterwards the first so many _rows and _values are the text's known features, _counts holds their counts,
    // and scale gives the text unit length.
    private int Count(ViewWeights weights, out float scale)
    {
        if (_counts.Length < weights.Features.Length)
        {
            _counts = new int[weights.Features.Length];
        }

        var counting = new Counting(weights, _counts, _rows);
        if (weights.View == FeatureView.Words)
        {
            FeatureWalk.Visit(_tokens, weights.View, ref counting);
        }
        else
        {
            foreach (var token in _tokens.Tokens)
            {
                if (!weights.Words.TryGet(_tokens[token], out var known, out var unknown))
                {
                    FeatureWalk.VisitGrams(_tokens[token], 0, ref counting);
                }

                counting.Unknown += unknown;
                foreach (var row in known)
                {
                    counting.Count(row);
                }
            }
        }

        _rows = counting.Rows;
        if (_values.Length < counting.Found)
        {
            _values = new float[_rows.Length];
        }

        for (var i = 0; i < counting.Found; i++)
        {
            _values[i] = FeatureValue.Of(weights.View, _counts[_rows[i]]);
        }

        scale = FeatureValue.Scale(weights.View, _values.AsSpan(0, counting.Found), counting.Unknown);
        return counting.Found;
    }

    private void Forget(int found)
    {
        foreach (var row in _rows.AsSpan(0, found))
        {
            _counts[row] = 0;
        }
    }

    private struct Counting(ViewWeights weights, int[] counts, int[] rows) : IFeatureSink
    {
        public int[] Rows { get; private set; } = rows;

        public int Found { get; private set; }

        public int Unknown { get; set; }

        public void Take(FeatureView view, uint hash, int first, int second)
        {
            if (weights.Find(hash) is >= 0 and var row)
            {
                Count(row);
            }
            else
            {
                Unknown++;
            }
        }

        public void Count(int row)
        {
            if (counts[row]++ > 0)
            {
                return;
            }

            if (Found == Rows.Length)
            {
                Rows = [.. Rows, .. new int[Rows.Length]];
            }

            Rows[Found++] = row;
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
