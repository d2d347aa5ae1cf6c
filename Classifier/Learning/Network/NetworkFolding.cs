using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Model;

namespace TicketAspire.Classifier.Learning.Network;

/// <summary>Makes a model of a network alone: its features add nothing to the labels' scores themselves.</summary>
internal static class NetworkFolding
{
    /// <summary>Makes it.</summary>
    public static TextClassifier Fold(PreparedTexts texts, NetworkInputs inputs, TextNetwork network)
    {
        var labels = texts.Set.Labels;
        var views = texts.Matrices.Select((matrix, view) => View(matrix, view, inputs, network)).ToArray();
        var weights = new NetworkWeights(
            [.. inputs.Words.Select(word => FeatureWalk.Word(texts.Vocabulary.Hashes[word]))],
            ByteRows.Round(NetworkShape.Embedding, inputs.Words.Length, (i, row) =>
                network.Convolution.Embeddings.AsSpan(i * NetworkShape.Embedding, NetworkShape.Embedding).CopyTo(row)),
            network.Convolution.Transposed,
            [.. network.Convolution.Biases, .. network.Hidden.Biases],
            network.Output.Weights);
        return new TextClassifier(labels, network.Output.Biases[..labels.Length], views, weights);
    }

    // Columns are in the order of how frequent they are, and those that lead to the network are the first.
    private static ViewWeights View(FeatureMatrix matrix, int view, NetworkInputs inputs, TextNetwork network)
    {
        var leading = inputs.Columns[view].Length;
        var first = inputs.Columns[..view].Sum(columns => columns.Length);
        var units = inputs.Shape.Hidden;
        return new ViewWeights(
            matrix.View,
            matrix.Features[..leading],
            ByteRows.Round(inputs.Shape.Classes, leading, (_, row) => row.Clear()),
            ByteRows.Round(units, leading, (i, row) =>
            {
                network.Hidden.Weights.AsSpan((first + i) * units, units).CopyTo(row);
                foreach (ref var weight in row)
                {
                    weight *= inputs.Rarity[first + i];
                }
            }));
    }
}
