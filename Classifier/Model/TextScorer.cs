using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TicketAspire.Classifier.Learning.Network;

namespace TicketAspire.Classifier.Model;

/// <summary>The buffers with which one thread scores texts, one after the other.</summary>
internal sealed class TextScorer
{
    private static readonly float[] Silence = new float[NetworkShape.Width * NetworkShape.Filters];

    private float[] _scores = [];
    private float[] _units = [];
    private int[] _rows = new int[512];
    private float[] _values = new float[512];

    /// <summary>The text that was scored last.</summary>
    public ScoredText Text { get; } = new();

    /// <summary>The network's units for it before those below 0 are cut off: the filters' strongest answers, then the hidden units.</summary>
    public ReadOnlySpan<float> Units => _units;

    /// <summary>The score of every label; valid until the next call.</summary>
    public ReadOnlySpan<float> Score(TextClassifier model, ReadOnlySpan<char> text)
    {
        Sum(model, text);
        Multiply(Text.Familiarity);
        return _scores.AsSpan(0, model.Labels.Count);
    }

    /// <summary>What the text's features add up to, before the text's familiarity; valid until the next call.</summary>
    public ReadOnlySpan<float> Sum(TextClassifier model, ReadOnlySpan<char> text)
    {
        var network = model.Network;
        var stride = ByteRows.Stride(model.Labels.Count);
        var units = network?.UnitBiases.Length ?? 0;
        if (_scores.Length != stride || _units.Length != units)
        {
            _scores = new float[stride];
            _units = new float[units];
        }

        model.Biases.CopyTo(_scores, 0);
        _scores.AsSpan(model.Labels.Count).Clear();
        network?.UnitBiases.CopyTo(_units, 0);
        Text.Read(text, model.Words, model.Memory);
        AddWords(model);
        AddCharacters(model);
        if (network is not null)
        {
            Convolve(network, model.Memory.FiltersAt);
            network.AddTo(_units, _scores);
        }

        return _scores.AsSpan(0, model.Labels.Count);
    }

    private void AddWords(TextClassifier model)
    {
        if (model.Words is not { } weights)
        {
            return;
        }

        var hashes = Text.Features.Hashes;
        if (_rows.Length < hashes.Length)
        {
            _rows = new int[hashes.Length * 2];
            _values = new float[hashes.Length * 2];
        }

        // First all look-ups, then all sums: memory answers many at a time, if nothing stands between them.
        var counts = Text.Features.Counts;
        var scale = Text.Features.Scale;
        var found = 0;
        for (var i = 0; i < hashes.Length; i++)
        {
            var row = weights.Find(hashes[i]);
            _rows[found] = row;
            _values[found] = counts[i] * scale;
            found += row >= 0 ? 1 : 0;
        }

        weights.Scores.AddTo(_scores, _rows.AsSpan(0, found), _values.AsSpan(0, found));
        if (weights.HiddenCount > 0)
        {
            var leading = KeepLeading(found, weights.HiddenCount);
            weights.Hidden.AddTo(_units.AsSpan(NetworkShape.Filters), _rows.AsSpan(0, leading), _values.AsSpan(0, leading));
        }
    }

    private void Multiply(float factor)
    {
        var factors = Vector256.Create(factor);
        ref var scores = ref MemoryMarshal.GetArrayDataReference(_scores);
        for (var k = 0; k < _scores.Length; k += Vectors.Size)
        {
            Vectors.Store(Vectors.Load(ref scores, k) * factors, ref scores, k);
        }
    }

    // Of the first so many rows keeps those that lead to the network.
    private int KeepLeading(int found, int leads)
    {
        var kept = 0;
        for (var i = 0; i < found; i++)
        {
            _rows[kept] = _rows[i];
            _values[kept] = _values[i];
            kept += _rows[i] < leads ? 1 : 0;
        }

        return kept;
    }

    private void AddCharacters(TextClassifier model)
    {
        var parts = Text.Parts;
        var occurrences = Text.Occurrences;
        for (var i = 0; i < parts.Length; i++)
        {
            var value = Features.WordValue.Of(occurrences[i]) * Text.CharacterScale;
            ref var values = ref MemoryMarshal.GetArrayDataReference(parts[i].Values);
            Vectors.AddScaled(ref MemoryMarshal.GetArrayDataReference(_scores), value, ref values, _scores.Length);
            if (model.Network is { Hidden: > 0 } network)
            {
                Vectors.AddScaled(
                    ref _units[NetworkShape.Filters], value, ref parts[i].Values[model.Memory.HiddenAt], network.Hidden);
            }
        }
    }

    // Each filter's strongest answer in the text, at least 0.
    private void Convolve(NetworkWeights network, int filtersAt)
    {
        ref var strongest = ref _units[0];
        _units.AsSpan(0, NetworkShape.Filters).Clear();
        for (var place = 0; place < Text.Positions.Length; place++)
        {
            Strengthen(network, filtersAt, place, ref strongest, ref strongest);
        }
    }

    /// <summary>Keeps the stronger of each filter's answer in a place of the text and the one before.</summary>
    /// <param name="network">The network.</param>
    /// <param name="filtersAt">As <see cref="WordMemory.FiltersAt"/>.</param>
    /// <param name="place">The middle word.</param>
    /// <param name="before">The answers so far.</param>
    /// <param name="stronger">Receives the stronger ones; may be the same.</param>
    /// <param name="without">A word that is taken for unknown; -1 for none.</param>
    public void Strengthen(
        NetworkWeights network, int filtersAt, int place, ref float before, ref float stronger, int without = -1)
    {
        ref var bias = ref MemoryMarshal.GetArrayDataReference(network.UnitBiases);
        ref var left = ref Word(place - 1, filtersAt, without);
        ref var middle = ref Word(place, filtersAt, without);
        ref var right = ref Word(place + 1, filtersAt, without);
        for (var i = 0; i < NetworkShape.Filters; i += Vectors.Size)
        {
            var answer = Vectors.Load(ref bias, i) + Vectors.Load(ref left, i)
                + Vectors.Load(ref middle, NetworkShape.Filters + i) + Vectors.Load(ref right, (2 * NetworkShape.Filters) + i);
            Vectors.Store(Vector256.Max(answer, Vectors.Load(ref before, i)), ref stronger, i);
        }
    }

    // What a word adds to the filters' answers, place by place of their width; zeros beyond the text.
    private ref float Word(int at, int filtersAt, int without) =>
        ref (uint)at < (uint)Text.Positions.Length && at != without
            ? ref Text.Parts[Text.Positions[at]].Values[filtersAt]
            : ref Silence[0];
}
