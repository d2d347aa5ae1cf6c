namespace TicketAspire.Classifier.Features;

/// <summary>
/// Builds the matrix of the characters' view: the n-grams of each distinct word are found once, and a text's counts are
/// added up from those of its words.
/// </summary>
internal static class GramMatrix
{
    /// <summary>As <see cref="FeatureMatrix.Build"/>.</summary>
    public static FeatureMatrix Build(IReadOnlyList<string> texts, int leastTexts, ParallelOptions parallel)
    {
        var vocabulary = WordVocabulary.Of(texts, parallel);
        var (grams, ofWord) = Grams(vocabulary.Words);
        var occurring = TextsWithEach(vocabulary.Texts, ofWord, grams.Count, parallel);
        var kept = Enumerable.Range(0, grams.Count).Where(gram => occurring[gram] >= leastTexts).OrderBy(gram => grams[gram]).ToArray();
        var columnOf = new int[grams.Count];
        Array.Fill(columnOf, -1);
        for (var column = 0; column < kept.Length; column++)
        {
            columnOf[kept[column]] = column;
        }

        // From here on only what has a column counts.
        var columnsOfWord = ofWord.Select(word => word.Select(gram => columnOf[gram]).Where(column => column >= 0).ToArray()).ToArray();
        var unknownInWord = ofWord.Select((word, i) => word.Length - columnsOfWord[i].Length).ToArray();
        var rarity = FeatureRarity.Of(FeatureView.Characters, [.. kept.Select(gram => occurring[gram])], texts.Count);
        var columns = new int[texts.Count][];
        var values = new float[texts.Count][];
        Parallel.For(
            0,
            texts.Count,
            parallel,
            () => new WordSums(kept.Length),
            (text, _, sums) =>
            {
                columns[text] = sums.Add(vocabulary.Texts[text], columnsOfWord).ToArray();
                values[text] = FeatureMatrix.Row(FeatureView.Characters, columns[text], sums.Counts, vocabulary.Texts[text].Sum(word => unknownInWord[word]), rarity);
                sums.Clear();
                return sums;
            },
            _ => { });
        return new FeatureMatrix(FeatureView.Characters, [.. kept.Select(gram => grams[gram])], rarity, columns, values);
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
            FeatureWalk.VisitGrams(words[word], 0, ref sink);
            ofWord[word] = [.. sink.Found];
        }

        return (grams, ofWord);
    }

    private static int[] TextsWithEach(int[][] texts, int[][] ofWord, int grams, ParallelOptions parallel)
    {
        var total = new int[grams];
        Parallel.For(
            0,
            texts.Length,
            parallel,
            () => (Sums: new WordSums(grams), Texts: new int[grams]),
            (text, _, local) =>
            {
                foreach (var gram in local.Sums.Add(texts[text], ofWord))
                {
                    local.Texts[gram]++;
                }

                local.Sums.Clear();
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

        public void Take(FeatureView view, uint hash, int first, int second)
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

    /// <summary>Adds up what the words of one text have; cleared and used again.</summary>
    private sealed class WordSums(int size)
    {
        private int[] _distinct = new int[256];
        private int _used;

        /// <summary>How often each occurs.</summary>
        public int[] Counts { get; } = new int[size];

        /// <summary>Adds a text's words and returns what occurs in them, each once, in the order of the text.</summary>
        public ReadOnlySpan<int> Add(int[] words, int[][] ofWord)
        {
            foreach (var word in words)
            {
                foreach (var number in ofWord[word])
                {
                    if (Counts[number]++ == 0)
                    {
                        if (_used == _distinct.Length)
                        {
                            Array.Resize(ref _distinct, _used * 2);
                        }

                        _distinct[_used++] = number;
                    }
                }
            }

            return _distinct.AsSpan(0, _used);
        }

        public void Clear()
        {
            foreach (var number in _distinct.AsSpan(0, _used))
            {
                Counts[number] = 0;
            }

            _used = 0;
        }
    }
}
