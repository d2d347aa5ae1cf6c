using System.Runtime.Intrinsics;
using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Learning.Network;

namespace TicketAspire.Classifier.Model;

/// <summary>
/// Says what each word of a text added to a label's score. The linear part is shared out exactly; the network's part of a
/// word is by how much the score falls when the word is replaced by one never seen, all others staying.
/// </summary>
internal sealed class TextExplainer(TextScorer scorer)
{
    /// <summary>Words beyond this many are explained by the linear part alone: bounds memory and time for the longest texts.</summary>
    private const int MostWords = 1000;

    private float[] _added = [];
    private float[] _units = [];
    private float[] _without = [];
    private float[] _before = [];
    private float[] _after = [];

    /// <summary>What each word adds to a label's score.</summary>
    public Explanation Explain(TextClassifier model, ReadOnlySpan<char> text, int label)
    {
        var score = scorer.Score(model, text)[label];
        var tokens = scorer.Text.Tokens;
        if (_added.Length < tokens.Length)
        {
            _added = new float[tokens.Length * 2];
        }

        var added = _added.AsSpan(0, tokens.Length);
        added.Clear();
        ShareWords(model, label);
        ShareCharacters(added, label);
        if (model.Network is { } network)
        {
            RemoveEach(model, network, added, label);
        }

        var familiarity = scorer.Text.Familiarity;
        var words = new ExplainedWord[tokens.Length];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = new ExplainedWord(tokens[i].SourceStart, tokens[i].SourceLength, added[i] * familiarity);
        }

        var bias = model.Biases[label] * familiarity;
        var together = model.Network is null ? 0 : score - bias - words.Sum(word => (double)word.Weight);
        return new Explanation(bias, words, (float)together);
    }

    private void ShareWords(TextClassifier model, int label)
    {
        if (model.Words is { } weights)
        {
            var sharing = new Sharing(weights, _added, scorer.Text.Features.Scale, label);
            FeatureWalk.VisitWords(scorer.Text.Hashes, weights.View.Reach(), ref sharing);
        }
    }

    // A word that occurs several times has its part in equal shares.
    private void ShareCharacters(Span<float> added, int label)
    {
        var text = scorer.Text;
        for (var i = 0; i < added.Length; i++)
        {
            var word = text.Positions[i];
            var occurrences = text.Occurrences[word];
            added[i] += WordValue.Of(occurrences) / occurrences * text.CharacterScale * text.Parts[word].Values[label];
        }
    }

    private void RemoveEach(TextClassifier model, NetworkWeights network, Span<float> added, int label)
    {
        var words = Math.Min(added.Length, MostWords);
        var hidden = network.Hidden;
        if (_units.Length != network.UnitBiases.Length)
        {
            _units = new float[network.UnitBiases.Length];
        }

        if (_without.Length < words * hidden)
        {
            _without = new float[words * hidden];
        }

        SumOfEach(model, words, hidden);
        StrongestAround(model, network, words);
        var whole = Output(network, scorer.Units, label);
        for (var word = 0; word < words; word++)
        {
            StrongestWithout(model, network, word, words);
            for (var unit = 0; unit < hidden; unit++)
            {
                _units[NetworkShape.Filters + unit] = scorer.Units[NetworkShape.Filters + unit] - _without[(word * hidden) + unit];
            }

            added[word] += whole - Output(network, _units, label);
        }
    }

    // What each word's features add to the hidden units: all that would be missing without it.
    private void SumOfEach(TextClassifier model, int words, int hidden)
    {
        _without.AsSpan(0, words * hidden).Clear();
        var text = scorer.Text;
        if (model.Words is { } weights)
        {
            var summing = new Summing(weights, _without, text.Features.Scale, words, hidden);
            FeatureWalk.VisitWords(text.Hashes, weights.View.Reach(), ref summing);
        }

        for (var word = 0; word < words && hidden > 0; word++)
        {
            var distinct = text.Positions[word];
            var occurrences = text.Occurrences[distinct];
            var value = (WordValue.Of(occurrences) - WordValue.Of(occurrences - 1)) * text.CharacterScale;
            Vectors.AddScaled(ref _without[word * hidden], value, ref text.Parts[distinct].Values[model.Memory.HiddenAt], hidden);
        }
    }

    // For each place the strongest answers in all places before it, and in all after it.
    private void StrongestAround(TextClassifier model, NetworkWeights network, int words)
    {
        const int Filters = NetworkShape.Filters;
        if (_before.Length < (words + 1) * Filters)
        {
            _before = new float[(words + 1) * Filters];
            _after = new float[(words + 1) * Filters];
        }

        var count = scorer.Text.Positions.Length;
        _before.AsSpan(0, Filters).Clear();
        var last = _after.AsSpan(words * Filters, Filters);
        last.Clear();
        for (var place = words; place < count; place++)
        {
            scorer.Strengthen(network, model.Memory.FiltersAt, place, ref last[0], ref last[0]);
        }

        for (var place = 0; place < words; place++)
        {
            scorer.Strengthen(network, model.Memory.FiltersAt, place, ref _before[place * Filters], ref _before[(place + 1) * Filters]);
        }

        for (var place = words - 1; place >= 0; place--)
        {
            scorer.Strengthen(network, model.Memory.FiltersAt, place, ref _after[(place + 1) * Filters], ref _after[place * Filters]);
        }
    }

    // The word stands in three places' answers; all others stay as they are.
    private void StrongestWithout(TextClassifier model, NetworkWeights network, int word, int words)
    {
        const int Reach = NetworkShape.Width / 2;
        const int Filters = NetworkShape.Filters;
        var first = Math.Max(0, word - Reach);
        var last = Math.Min(words - 1, word + Reach);
        ref var strongest = ref _units[0];
        for (var i = 0; i < Filters; i += Vectors.Size)
        {
            Vectors.Store(
                Vector256.Max(Vectors.Load(ref _before[first * Filters], i), Vectors.Load(ref _after[(last + 1) * Filters], i)), ref strongest, i);
        }

        for (var place = first; place <= last; place++)
        {
            scorer.Strengthen(network, model.Memory.FiltersAt, place, ref strongest, ref strongest, word);
        }
    }

    private static float Output(NetworkWeights network, ReadOnlySpan<float> units, int label)
    {
        var stride = network.Output.Length / units.Length;
        var sum = 0f;
        for (var unit = 0; unit < units.Length; unit++)
        {
            sum += units[unit] > 0 ? units[unit] * network.Output[(unit * stride) + label] : 0;
        }

        return sum;
    }

    // A pair is shared by its two words.
    private readonly struct Sharing(ViewWeights weights, float[] added, float scale, int label) : IFeatureSink
    {
        public void Take(uint hash, int first, int second)
        {
            var row = weights.Find(hash);
            if (row >= 0)
            {
                var part = scale * weights.Scores.Of(row, label) / 2;
                added[first] += part;
                added[second] += part;
            }
        }
    }

    // Without either of its words, a pair is missing.
    private readonly struct Summing(ViewWeights weights, float[] sums, float scale, int words, int hidden) : IFeatureSink
    {
        public void Take(uint hash, int first, int second)
        {
            var row = weights.Find(hash);
            if (row >= 0 && row < weights.HiddenCount)
            {
                Add(row, first);
                if (second != first)
                {
                    Add(row, second);
                }
            }
        }

        private void Add(int row, int word)
        {
            if (word < words)
            {
                weights.Hidden.AddTo(ref sums[word * hidden], row, scale);
            }
        }
    }
}
