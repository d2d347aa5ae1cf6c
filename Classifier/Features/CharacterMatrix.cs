using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TicketAspire.Classifier.Learning;

namespace TicketAspire.Classifier.Features;

/// <summary>
/// The matrix of the characters' view. A text is the sum of its distinct words, and a word the sum of its n-grams: texts
/// refer to words and words to columns, which takes a tenth of the memory of a list of columns for each text.
/// </summary>
/// <remarks>
/// Values are multiplied by <see cref="Rarity"/>. Here it is in the weights instead, squared where they are moved: what is
/// learned then is what one plain n-gram adds.
/// </remarks>
internal sealed class CharacterMatrix : FeatureMatrix
{
    private readonly int[] _columns;
    private readonly int[] _starts;
    private readonly float[] _steps;

    private CharacterMatrix(
        uint[] features, int[] occurring, int count, (int Word, float Value)[][] texts, int[] columns, int[] starts)
        : base(FeatureView.Characters, features, occurring)
    {
        Texts = texts;
        _columns = columns;
        _starts = starts;
        Rarity = FeatureRarity.Of(occurring, count);
        _steps = Array.ConvertAll(Rarity, rarity => rarity * rarity);
    }

    /// <summary>For each text its distinct words, as positions in the vocabulary, and what each counts.</summary>
    public (int Word, float Value)[][] Texts { get; }

    /// <summary>What each column's values are multiplied by.</summary>
    public float[] Rarity { get; }

    /// <summary>The columns of a word's n-grams, each as often as it is there.</summary>
    public ReadOnlySpan<int> Columns(int word) => _columns.AsSpan(_starts[word].._starts[word + 1]);

    /// <summary>As <see cref="FeatureMatrix.Build"/>.</summary>
    public static CharacterMatrix Build(WordVocabulary vocabulary, int leastTexts, ParallelOptions parallel)
    {
        var (grams, ofWord) = Grams(vocabulary.Words);
        var texts = DistinctWords(vocabulary, ofWord, parallel);
        var occurring = TextsWithEach(texts, vocabulary.Times, ofWord, grams.Count, parallel);
        int[] kept = [.. Enumerable.Range(0, grams.Count).Where(gram => occurring[gram] >= leastTexts)];
        uint[] features = [.. kept.Select(gram => grams[gram])];
        int[] keptOccurring = [.. kept.Select(gram => occurring[gram])];
        SortByFrequency(features, keptOccurring);
        var columnOfFeature = features.Select((feature, column) => (feature, column)).ToDictionary(pair => pair.feature, pair => pair.column);
        int[] columnOf = [.. grams.Select(gram => columnOfFeature.GetValueOrDefault(gram, -1))];
        var columns = new List<int>();
        var starts = new int[ofWord.Length + 1];
        for (var word = 0; word < ofWord.Length; word++)
        {
            columns.AddRange(ofWord[word].Select(gram => columnOf[gram]).Where(column => column >= 0));
            starts[word + 1] = columns.Count;
        }

        return new CharacterMatrix(features, keptOccurring, vocabulary.Count, texts, [.. columns], starts);
    }

    /// <inheritdoc/>
    public override Vector256<float> Score(float[] weights, int stride, Vector256<float> bias, int text)
    {
        ref var start = ref MemoryMarshal.GetArrayDataReference(weights);
        var score = bias;
        foreach (var (word, value) in Texts[text])
        {
            var columns = Columns(word);
            var (even, odd) = (Vector256<float>.Zero, Vector256<float>.Zero);
            var i = 0;
            for (; i + 1 < columns.Length; i += 2)
            {
                even += Vector256.LoadUnsafe(ref start, (nuint)columns[i] * (nuint)stride);
                odd += Vector256.LoadUnsafe(ref start, (nuint)columns[i + 1] * (nuint)stride);
            }

            if (i < columns.Length)
            {
                even += Vector256.LoadUnsafe(ref start, (nuint)columns[i] * (nuint)stride);
            }

            score = Vector256.FusedMultiplyAdd(even + odd, Vector256.Create(value), score);
        }

        return score;
    }

    /// <inheritdoc/>
    public override void Add(float[] weights, Vector256<float> change, Vector256<float> others, int text)
    {
        ref var start = ref MemoryMarshal.GetArrayDataReference(weights);
        foreach (var (word, value) in Texts[text])
        {
            var (wordChange, wordOthers) = (change * value, others * value);
            foreach (var number in Columns(word))
            {
                ref var column = ref Unsafe.Add(ref start, number * 2 * ClassBlock.Size);
                var step = Vector256.Create(_steps[number]);
                Vector256.FusedMultiplyAdd(wordChange, step, Vector256.LoadUnsafe(ref column)).StoreUnsafe(ref column);
                Vector256.FusedMultiplyAdd(wordOthers, step, Vector256.LoadUnsafe(ref column, ClassBlock.Size)).StoreUnsafe(ref column, ClassBlock.Size);
            }
        }
    }

    // The distinct n-grams, and for each word the positions of its own; one that is in the word twice is there twice.
    private static (List<uint> Grams, int[][] OfWord) Grams(string[] words)
    {
        var grams = new List<uint>();
        var numbers = new Dictionary<uint, int>();
        var ofWord = new int[words.Length][];
        var sink = new Numbering(numbers, grams, []);
        for (var word = 0; word < words.Length; word++)
        {
            sink.Found.Clear();
            FeatureWalk.VisitGrams(words[word], ref sink);
            ofWord[word] = [.. sink.Found];
        }

        return (grams, ofWord);
    }

    private static (int Word, float Value)[][] DistinctWords(WordVocabulary vocabulary, int[][] ofWord, ParallelOptions parallel)
    {
        var distinct = new (int Word, float Value)[vocabulary.Texts.Length][];
        Parallel.For(0, distinct.Length, parallel, () => new List<(int Word, float Value)>(), (text, _, words) =>
        {
            words.Clear();
            var sorted = vocabulary.Texts[text].ToArray();
            Array.Sort(sorted);
            var squares = 0.0;
            for (int begin = 0, end; begin < sorted.Length; begin = end)
            {
                for (end = begin + 1; end < sorted.Length && sorted[end] == sorted[begin];)
                {
                    end++;
                }

                var value = WordValue.Of(end - begin);
                squares += WordValue.Square(value, ofWord[sorted[begin]].Length);
                words.Add((sorted[begin], value));
            }

            var scale = WordValue.Scale(squares);
            distinct[text] = [.. words.Select(word => (word.Word, word.Value * scale))];
            return words;
        }, _ => { });
        return distinct;
    }

    private static int[] TextsWithEach(
        (int Word, float Value)[][] texts, int[] times, int[][] ofWord, int grams, ParallelOptions parallel)
    {
        var total = new int[grams];
        Parallel.For(
            0,
            texts.Length,
            parallel,
            () => (Last: new int[grams], Texts: new int[grams]),
            (text, _, local) =>
            {
                foreach (var (word, _) in texts[text])
                {
                    foreach (var gram in ofWord[word])
                    {
                        if (local.Last[gram] != text + 1)
                        {
                            local.Last[gram] = text + 1;
                            local.Texts[gram] += times[text];
                        }
                    }
                }

                return local;
            },
            local =>
            {
                lock (total)
                {
                    for (var gram = 0; gram < grams; gram++)
                    {
                        total[gram] += local.Texts[gram];
                    }
                }
            });
        return total;
    }

    private readonly struct Numbering(Dictionary<uint, int> numbers, List<uint> grams, List<int> found) : IFeatureSink
    {
        public List<int> Found => found;

        public void Take(uint hash, int first, int second)
        {
            if (!numbers.TryGetValue(hash, out var number))
            {
                number = grams.Count;
                numbers.Add(hash, number);
                grams.Add(hash);
            }

            found.Add(number);
        }
    }
}
