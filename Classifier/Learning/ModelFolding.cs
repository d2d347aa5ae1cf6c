using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Learning.Network;
using TicketAspire.Classifier.Model;

namespace TicketAspire.Classifier.Learning;

/// <summary>
/// Multiplies the stacking into the views' weights and the network's output, so that a score is a sum, and keeps the
/// features that matter most when a model would grow too large.
/// </summary>
internal sealed class ModelFolding
{
    /// <summary>All weights take no more than this many bytes.</summary>
    private const int WeightBytes = 11_500_000;

    private readonly string[] _labels;
    private readonly FeatureMatrix[] _matrices;
    private readonly CrossFitted _learned;
    private readonly NetworkFitted? _fitted;
    private readonly Stacking _stacking;
    private readonly ParallelOptions _parallel;

    private ModelFolding(
        string[] labels, FeatureMatrix[] matrices, CrossFitted learned, NetworkFitted? fitted, Stacking stacking, ParallelOptions parallel)
    {
        (_labels, _matrices, _learned, _fitted, _stacking, _parallel) = (labels, matrices, learned, fitted, stacking, parallel);
    }

    /// <summary>Makes the model.</summary>
    public static TextClassifier Fold(
        string[] labels,
        WordVocabulary vocabulary,
        FeatureMatrix[] matrices,
        CrossFitted learned,
        NetworkFitted? fitted,
        Stacking stacking,
        ParallelOptions parallel) =>
        new ModelFolding(labels, matrices, learned, fitted, stacking, parallel).Fold(vocabulary);

    private TextClassifier Fold(WordVocabulary vocabulary)
    {
        var network = Network(vocabulary);
        var rows = Enumerable.Range(0, _matrices.Length).Select(Rows).ToArray();
        var strengths = rows.Select(Strengths).ToArray();
        var hidden = _fitted?.Inputs.Shape.Hidden ?? 0;
        var free = WeightBytes - NetworkBytes(network) - (_fitted is null ? 0 : _fitted.Inputs.Shape.Features * ByteRows.RowBytes(hidden));
        var least = LeastStrength(strengths, free / (sizeof(uint) + ByteRows.RowBytes(_labels.Length)));
        var views = _matrices.Select((_, view) => View(view, rows[view], strengths[view], least)).ToArray();
        return new TextClassifier(_labels, Biases(), views, network);
    }

    private float[] Biases()
    {
        var biases = new float[_labels.Length];
        var own = new float[_labels.Length];
        for (var k = 0; k < biases.Length; k++)
        {
            biases[k] = (float)_stacking.Bias(k);
        }

        for (var view = 0; view < _matrices.Length; view++)
        {
            for (var k = 0; k < own.Length; k++)
            {
                own[k] = _learned.Bias(view, k);
            }

            _stacking.AddTo(biases, view, own);
        }

        if (_fitted is not null)
        {
            _stacking.AddTo(biases, _matrices.Length, _fitted.Network.Output.Biases.AsSpan(0, own.Length));
        }

        Centre(biases);
        return biases;
    }

    // What each feature of a view adds to the scores, feature by feature.
    private float[] Rows(int view)
    {
        var labels = _labels.Length;
        var features = _matrices[view].Features.Length;
        var rows = new float[features * labels];
        Parallel.For(0, features, _parallel, () => new float[labels], (row, _, own) =>
        {
            for (var k = 0; k < labels; k++)
            {
                own[k] = _learned.Weight(view, row, k);
            }

            var folded = rows.AsSpan(row * labels, labels);
            _stacking.AddTo(folded, view, own);
            Centre(folded);
            return own;
        }, _ => { });
        return rows;
    }

    private float[] Strengths(float[] rows)
    {
        var strengths = new float[rows.Length / _labels.Length];
        Parallel.For(0, strengths.Length, _parallel, row =>
        {
            var (lowest, highest) = (float.MaxValue, float.MinValue);
            foreach (var weight in rows.AsSpan(row * _labels.Length, _labels.Length))
            {
                (lowest, highest) = (Math.Min(lowest, weight), Math.Max(highest, weight));
            }

            strengths[row] = highest - lowest;
        });
        return strengths;
    }

    // The strength that no more than so many rows reach; 0 if all may stay.
    private static float LeastStrength(float[][] strengths, int most)
    {
        if (strengths.Sum(view => view.Length) <= most)
        {
            return 0;
        }

        var sorted = strengths.SelectMany(view => view).ToArray();
        Array.Sort(sorted);
        return sorted[^Math.Max(1, most)];
    }

    // Columns are in the order of how frequent they are, and those that lead to the network are the first: a row is found once
    // for both.
    private ViewWeights View(int view, float[] rows, float[] strengths, float least)
    {
        var leading = _fitted?.Inputs.Columns[view].Length ?? 0;
        int[] kept = [.. Enumerable.Range(0, strengths.Length).Where(row => row < leading || (strengths[row] > 0 && strengths[row] >= least))];
        var labels = _labels.Length;
        return new ViewWeights(
            _matrices[view].View,
            [.. kept.Select(row => _matrices[view].Features[row])],
            ByteRows.Round(labels, kept.Length, (i, row) => rows.AsSpan(kept[i] * labels, labels).CopyTo(row)),
            Hidden(view, leading));
    }

    private ByteRows Hidden(int view, int leading)
    {
        if (_fitted is not { } fitted)
        {
            return new ByteRows(0, []);
        }

        var first = fitted.Inputs.Columns[..view].Sum(columns => columns.Length);
        var units = fitted.Inputs.Shape.Hidden;
        return ByteRows.Round(units, leading, (i, row) =>
        {
            fitted.Network.Hidden.Weights.AsSpan((first + i) * units, units).CopyTo(row);
            foreach (ref var weight in row)
            {
                weight *= fitted.Inputs.Rarity[first + i];
            }
        });
    }

    private NetworkWeights? Network(WordVocabulary vocabulary)
    {
        if (_fitted is not { } fitted)
        {
            return null;
        }

        var network = fitted.Network;
        var stride = network.Output.Stride;
        var output = new float[network.Output.Weights.Length];
        for (var unit = 0; unit < fitted.Inputs.Shape.Units; unit++)
        {
            var row = output.AsSpan(unit * stride, _labels.Length);
            _stacking.AddTo(row, _matrices.Length, network.Output.Weights.AsSpan(unit * stride, _labels.Length));
            Centre(row);
        }

        return new NetworkWeights(
            [.. fitted.Inputs.Words.Select(word => FeatureWalk.Word(vocabulary.Hashes[word]))],
            ByteRows.Round(NetworkShape.Embedding, fitted.Inputs.Words.Length, (i, row) =>
                network.Convolution.Embeddings.AsSpan(i * NetworkShape.Embedding, NetworkShape.Embedding).CopyTo(row)),
            network.Convolution.Transposed,
            [.. network.Convolution.Biases, .. network.Hidden.Biases],
            output);
    }

    private static int NetworkBytes(NetworkWeights? network) => network is null ? 0 :
        network.Embeddings.Data.Length + (sizeof(float) * (network.Words.Length + network.Filters.Length + network.UnitBiases.Length + network.Output.Length));

    // Adding the same to every label's score changes no confidence; with mean 0 a weight is for or against the label.
    private static void Centre(Span<float> scores)
    {
        var sum = 0f;
        foreach (var score in scores)
        {
            sum += score;
        }

        foreach (ref var score in scores)
        {
            score -= sum / scores.Length;
        }
    }
}
