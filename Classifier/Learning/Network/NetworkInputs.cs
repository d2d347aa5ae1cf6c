using TicketAspire.Classifier.Features;

namespace TicketAspire.Classifier.Learning.Network;

/// <summary>The training texts as a network sees them.</summary>
/// <param name="Shape">How large the network is.</param>
/// <param name="Columns">For each view the columns of its matrix that lead to the hidden units: the first ones.</param>
/// <param name="Words">The words that have an embedding, as positions in the vocabulary, ascending.</param>
/// <param name="Rarity">What each feature's values are multiplied by; features are the columns of all views numbered through.</param>
/// <param name="Features">For each text the features of its words and pairs.</param>
/// <param name="Values">For each text their values.</param>
/// <param name="Distinct">For each text its distinct words, as positions in the vocabulary, and what their n-grams count.</param>
/// <param name="Grams">The features that are n-grams of the vocabulary's words, word by word, each as often as it is there, with their rarity.</param>
/// <param name="GramsOf">Where in <paramref name="Grams"/> those of each word begin; behind the last, where they end.</param>
/// <param name="Texts">For each text its words in order, as positions in <paramref name="Words"/> or <see cref="ConvolutionLayer.NoWord"/>.</param>
internal sealed record NetworkInputs(
    NetworkShape Shape,
    int[][] Columns,
    int[] Words,
    float[] Rarity,
    int[][] Features,
    float[][] Values,
    (int Word, float Value)[][] Distinct,
    (int Feature, float Rarity)[] Grams,
    int[] GramsOf,
    int[][] Texts)
{
    /// <summary>Chooses the features and words that occur often enough, and numbers them.</summary>
    /// <param name="vocabulary">The texts.</param>
    /// <param name="words">Their words and pairs.</param>
    /// <param name="characters">Their n-grams.</param>
    /// <param name="classes">How many classes.</param>
    /// <param name="leastFeature">A feature in fewer texts than this is left out.</param>
    /// <param name="leastWord">A word in fewer texts than this has no embedding.</param>
    /// <param name="parallel">How many threads to use, and when to give up.</param>
    public static NetworkInputs Of(
        WordVocabulary vocabulary,
        WordMatrix words,
        CharacterMatrix characters,
        int classes,
        int leastFeature,
        int leastWord,
        ParallelOptions parallel)
    {
        var hidden = NetworkShape.HiddenFor(classes);
        var least = NetworkShape.LeastTexts([words, characters], hidden, leastFeature);
        var (pairs, grams) = (Enough(words.Occurring, least), Enough(characters.Occurring, least));
        var pairNumbers = Numbers(pairs, words.Features.Length, 0);
        var gramNumbers = Numbers(grams, characters.Features.Length, pairs.Length);
        var occurring = vocabulary.Occurring();
        var known = Enough(occurring, NetworkShape.LeastTexts(occurring, leastWord));
        var wordNumbers = Numbers(known, vocabulary.Words.Length, 0);
        var features = new int[vocabulary.Texts.Length][];
        var values = new float[features.Length][];
        var texts = new int[features.Length][];
        Parallel.For(0, features.Length, parallel, text =>
        {
            var numbers = Array.ConvertAll(words.Columns[text], column => pairNumbers[column]);
            features[text] = [.. numbers.Where(number => number >= 0)];
            values[text] = [.. words.Values[text].Where((_, i) => numbers[i] >= 0)];
            texts[text] = Array.ConvertAll(vocabulary.Texts[text], word => wordNumbers[word]);
        });
        var gramsOf = new int[vocabulary.Words.Length + 1];
        var allGrams = new List<(int Feature, float Rarity)>();
        for (var word = 0; word < vocabulary.Words.Length; word++)
        {
            foreach (var column in characters.Columns(word))
            {
                if (gramNumbers[column] >= 0)
                {
                    allGrams.Add((gramNumbers[column], characters.Rarity[column]));
                }
            }

            gramsOf[word + 1] = allGrams.Count;
        }

        return new NetworkInputs(
            new NetworkShape(known.Length, pairs.Length + grams.Length, hidden, classes),
            [pairs, grams],
            known,
            [.. Enumerable.Repeat(1f, pairs.Length), .. grams.Select(column => characters.Rarity[column])],
            features,
            values,
            characters.Texts,
            [.. allGrams],
            gramsOf,
            texts);
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
