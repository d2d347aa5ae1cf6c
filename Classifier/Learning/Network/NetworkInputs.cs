using TicketAspire.Classifier.Features;

namespace TicketAspire.Classifier.Learning.Network;

/// <summary>The training texts as a network sees them.</summary>
/// <param name="Shape">How large the network is.</param>
/// <param name="Columns">For each view the columns of its matrix that lead to the hidden units, ascending.</param>
/// <param name="Words">The words that have an embedding, as positions in the vocabulary, ascending.</param>
/// <param name="Features">For each text its features: the columns of all views numbered through.</param>
/// <param name="Values">For each text the features' values.</param>
/// <param name="Texts">For each text its words, as positions in <paramref name="Words"/> or <see cref="ConvolutionLayer.NoWord"/>.</param>
internal sealed record NetworkInputs(
    NetworkShape Shape, int[][] Columns, int[] Words, int[][] Features, float[][] Values, int[][] Texts)
{
    /// <summary>Chooses the features and words that occur often enough, and numbers them.</summary>
    /// <param name="vocabulary">The texts.</param>
    /// <param name="matrices">Their features in each view.</param>
    /// <param name="classes">How many classes.</param>
    /// <param name="leastFeature">A feature in fewer texts than this is left out.</param>
    /// <param name="leastWord">A word in fewer texts than this has no embedding.</param>
    /// <param name="parallel">How many threads to use, and when to give up.</param>
    public static NetworkInputs Of(
        WordVocabulary vocabulary, FeatureMatrix[] matrices, int classes, int leastFeature, int leastWord, ParallelOptions parallel)
    {
        var hidden = NetworkShape.HiddenFor(classes);
        var least = NetworkShape.LeastTexts(matrices, hidden, leastFeature);
        var columns = matrices.Select(matrix => Enough(matrix.Occurring, least)).ToArray();
        var occurring = vocabulary.Occurring();
        var words = Enough(occurring, NetworkShape.LeastTexts(occurring, leastWord));
        var numbers = columns.Select((view, i) => Numbers(view, matrices[i].Features.Length, columns[..i].Sum(before => before.Length))).ToArray();
        var wordNumbers = Numbers(words, vocabulary.Words.Length, 0);
        var texts = vocabulary.Texts.Length;
        var inputs = new NetworkInputs(
            new NetworkShape(words.Length, columns.Sum(view => view.Length), hidden, classes),
            columns,
            words,
            new int[texts][],
            new float[texts][],
            new int[texts][]);
        Parallel.For(
            0,
            texts,
            parallel,
            () => (Features: new List<int>(), Values: new List<float>()),
            (text, _, local) =>
            {
                local.Features.Clear();
                local.Values.Clear();
                for (var view = 0; view < matrices.Length; view++)
                {
                    var row = matrices[view].Columns[text];
                    for (var i = 0; i < row.Length; i++)
                    {
                        if (numbers[view][row[i]] is >= 0 and var number)
                        {
                            local.Features.Add(number);
                            local.Values.Add(matrices[view].Values[text][i]);
                        }
                    }
                }

                inputs.Features[text] = [.. local.Features];
                inputs.Values[text] = [.. local.Values];
                inputs.Texts[text] = Array.ConvertAll(vocabulary.Texts[text], word => wordNumbers[word]);
                return local;
            },
            _ => { });
        return inputs;
    }

    private static int[] Enough(int[] occurring, int least) =>
        [.. Enumerable.Range(0, occurring.Length).Where(i => occurring[i] >= least)];

    // For each of so many things its number among the chosen, counted from the first; -1 for the others.
    private static int[] Numbers(int[] chosen, int of, int first)
    {
        var numbers = new int[of];
        Array.Fill(numbers, -1);
        for (var i = 0; i < chosen.Length; i++)
        {
            numbers[chosen[i]] = first + i;
        }

        return numbers;
    }
}
