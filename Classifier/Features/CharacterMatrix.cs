namespace TicketAspire.Classifier.Features;

/// <summary>
/// Builds the matrix of the characters' view: the n-grams of each distinct word are found once, and a text's values are
/// added up from those of its words.
/// </summary>
internal static class CharacterMatrix
{
    /// <summary>As <see cref="FeatureMatrix.Build"/>.</summary>
    public static FeatureMatrix Build(WordVocabulary vocabulary, int leastTexts, ParallelOptions parallel)
    {
        var (grams, ofWord) = Grams(vocabulary.Words);
        var texts = DistinctWords(vocabulary, parallel);
        var occurring = TextsWithEach(texts, ofWord, grams.Count, parallel);
        var kept = Enumerable.Range(0, grams.Count).Where(gram => occurring[gram] >= leastTexts).OrderBy(gram => grams[gram]).ToArray();
        var columnOf = new int[grams.Count];
        Array.Fill(columnOf, -1);
        for (var column = 0; column < kept.Length; column++)
        {
            columnOf[kept[column]] = column;
        }

        var columnsOfWord = ofWord.Select(word => word.Select(gram => columnOf[gram]).Where(column => column >= 0).ToArray()).ToArray();
        int[] keptOccurring = [.. kept.Select(gram => occurring[gram])];
        var rarity = FeatureRarity.Of(keptOccurring, texts.Length);
        var columns = new int[texts.Length][];
        var values = new float[texts.Length][];
        Parallel.For(
            0,
            texts.Length,
            parallel,
            () => new WordSums(kept.Length),
            (text, _, sums) =>
            {
                var squares = 0.0;
                foreach (var (word, value) in texts[text])
                {
                    sums.Add(columnsOfWord[word], value);
                    squares += WordValue.Square(value, ofWord[word].Length);
                }

                (columns[text], values[text]) = sums.Take(WordValue.Scale(squares), rarity);
                return sums;
            },
            _ => { });
        return new FeatureMatrix(FeatureView.Characters, [.. kept.Select(gram => grams[gram])], keptOccurring, rarity, columns, values);
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

    private static (int Word, float Value)[][] DistinctWords(WordVocabulary vocabulary, ParallelOptions parallel)
    {
        var distinct = new (int Word, float Value)[vocabulary.Texts.Length][];
        Parallel.For(0, distinct.Length, parallel, text =>
        {
            var sorted = vocabulary.Texts[text].ToArray();
            Array.Sort(sorted);
            var words = new List<(int, float)>(sorted.Length);
            for (int begin = 0, end; begin < sorted.Length; begin = end)
            {
                for (end = begin + 1; end < sorted.Length && sorted[end] == sorted[begin];)
                {
                    end++;
                }

                words.Add((sorted[begin], WordValue.Of(end - begin)));
            }

            distinct[text] = [.. words];
        });
        return distinct;
    }

    private static int[] TextsWithEach((int Word, float Value)[][] texts, int[][] ofWord, int grams, ParallelOptions parallel)
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
                            local.Texts[gram]++;
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

    /// <summary>Adds up what the words of one text have; emptied and used again.</summary>
    private sealed class WordSums(int size)
    {
        private readonly float[] _sums = new float[size];
        private int[] _distinct = new int[256];
        private int _used;

        /// <summary>Adds a word's columns, each as often as it is there.</summary>
        public void Add(int[] columns, float value)
        {
            foreach (var column in columns)
            {
                if (_sums[column] == 0)
                {
                    if (_used == _distinct.Length)
                    {
                        Array.Resize(ref _distinct, _used * 2);
                    }

                    _distinct[_used++] = column;
                }

                _sums[column] += value;
            }
        }

        /// <summary>The columns that were added to and their values; afterwards there is nothing.</summary>
        public (int[] Columns, float[] Values) Take(float scale, float[] rarity)
        {
            var columns = _distinct.AsSpan(0, _used).ToArray();
            var values = new float[columns.Length];
            for (var i = 0; i < columns.Length; i++)
            {
                values[i] = _sums[columns[i]] * scale * rarity[columns[i]];
                _sums[columns[i]] = 0;
            }

            _used = 0;
            return (columns, values);
        }
    }
}
