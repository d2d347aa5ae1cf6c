using TicketAspire.Classifier.Features;
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
    private readonly TextClassifier? _network;
    private readonly Stacking _stacking;
    private readonly ParallelOptions _parallel;

    private ModelFolding(
        string[] labels, FeatureMatrix[] matrices, CrossFitted learned, TextClassifier? network, Stacking stacking, ParallelOptions parallel)
    {
        (_labels, _matrices, _learned, _network, _stacking, _parallel) = (labels, matrices, learned, network, stacking, parallel);
    }

    /// <summary>Makes the model.</summary>
    /// <param name="labels">The labels, sorted.</param>
    /// <param name="matrices">The training texts, view by view.</param>
    /// <param name="learned">What was learned of each view.</param>
    /// <param name="network">The network alone, with the same labels; null without one.</param>
    /// <param name="stacking">How the views and the network add up.</param>
    /// <param name="parallel">How many threads to use, and when to give up.</param>
    public static TextClassifier Fold(
        string[] labels,
        FeatureMatrix[] matrices,
        CrossFitted learned,
        TextClassifier? network,
        Stacking stacking,
        ParallelOptions parallel) =>
        new ModelFolding(labels, matrices, learned, network, stacking, parallel).Fold();

    private TextClassifier Fold()
    {
        var network = Network();
        var rows = Enumerable.Range(0, _matrices.Length).Select(Rows).ToArray();
        var strengths = rows.Select(Strengths).ToArray();
        var free = WeightBytes - NetworkBytes(network) - _matrices.Sum(matrix => Leading(matrix.View)?.Hidden.Data.Length ?? 0);
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

        if (_network is not null)
        {
            _stacking.AddTo(biases, _matrices.Length, _network.Biases);
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

    // Those that lead to the network are the first, in its order: a row is found once for both.
    private ViewWeights View(int view, float[] rows, float[] strengths, float least)
    {
        var leads = Leading(_matrices[view].View);
        var features = _matrices[view].Features;
        var leading = leads is null ? [] : Places(features, leads.Features);
        var taken = leading.ToHashSet();
        int[] kept = [.. leading, .. Enumerable.Range(0, strengths.Length).Where(row =>
            strengths[row] > 0 && strengths[row] >= least && !taken.Contains(row))];
        var labels = _labels.Length;
        return new ViewWeights(
            _matrices[view].View,
            [.. kept.Select((row, i) => row < 0 ? leads!.Features[i] : features[row])],
            ByteRows.Round(labels, kept.Length, (i, row) =>
            {
                if (kept[i] < 0)
                {
                    row.Clear();
                }
                else
                {
                    rows.AsSpan(kept[i] * labels, labels).CopyTo(row);
                }
            }),
            leads?.Hidden ?? new ByteRows(0, []));
    }

    private ViewWeights? Leading(FeatureView view) => view == FeatureView.Characters ? _network?.Characters : _network?.Words;

    // Where each of the wanted is among the features; -1 for one that the present texts do not have (often enough).
    private static int[] Places(uint[] features, uint[] wanted)
    {
        var places = new Dictionary<uint, int>(features.Length);
        for (var i = 0; i < features.Length; i++)
        {
            places.Add(features[i], i);
        }

        return Array.ConvertAll(wanted, feature => places.GetValueOrDefault(feature, -1));
    }

    private NetworkWeights? Network()
    {
        if (_network?.Network is not { } network)
        {
            return null;
        }

        var stride = ByteRows.Stride(_labels.Length);
        var output = new float[network.Output.Length];
        for (var first = 0; first < output.Length; first += stride)
        {
            var row = output.AsSpan(first, _labels.Length);
            _stacking.AddTo(row, _matrices.Length, network.Output.AsSpan(first, _labels.Length));
            Centre(row);
        }

        return new NetworkWeights(network.Words, network.Embeddings, network.Filters, network.UnitBiases, output);
    }

    private static int NetworkBytes(NetworkWeights? network) => network is null ? 0 :
        network.Embeddings.Data.Length + (sizeof(float) * (network.Words.Length + network.Filters.Length + network.UnitBiases.Length + network.Output.Length));

    // Adding the same to every label's score changes no confidence; with mean 0 a weight is for or against the label.
    internal static void Centre(Span<float> scores)
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
