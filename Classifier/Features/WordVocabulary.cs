using TicketAspire.Classifier.Text;

namespace TicketAspire.Classifier.Features;

/// <summary>
/// The distinct words of many texts. A language has far fewer words than its texts have: what depends on a word alone is
/// computed once for each.
/// </summary>
/// <param name="Words">The distinct words, normalised.</param>
/// <param name="Hashes">Each word's <see cref="FeatureWalk.HashWord"/>.</param>
/// <param name="Texts">For each text its words in order, as positions in <paramref name="Words"/>.</param>
/// <param name="Times">For how many texts each counts where it is decided which features are worth a weight.</param>
internal sealed record WordVocabulary(string[] Words, uint[] Hashes, int[][] Texts, int[] Times)
{
    /// <summary>Fixed, so that the words' order does not depend on the number of threads.</summary>
    private const int Chunks = 16;

    /// <summary>How many texts there are, each as often as it counts.</summary>
    public int Count => Times.Sum();

    /// <summary>Reads the texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="parallel">How many threads to use, and when to give up.</param>
    /// <param name="importance">
    /// How much each text counts, rounded up: what a person said is learned from, though its words occur nowhere else. Null
    /// for once each.
    /// </param>
    public static WordVocabulary Of(IReadOnlyList<string> texts, ParallelOptions parallel, float[]? importance = null)
    {
        var words = new int[texts.Count][];
        var chunks = new List<string>[Chunks];
        Parallel.For(0, Chunks, parallel, chunk =>
        {
            var (begin, end) = Range(texts.Count, chunk);
            chunks[chunk] = Read(texts, begin, end, words);
        });

        var all = new Dictionary<string, int>(StringComparer.Ordinal);
        var numbers = chunks.Select(chunk => chunk.Select(word => all.TryAdd(word, all.Count) ? all.Count - 1 : all[word]).ToArray()).ToArray();
        Parallel.For(0, Chunks, parallel, chunk =>
        {
            var (begin, end) = Range(texts.Count, chunk);
            foreach (var text in words.AsSpan(begin, end - begin))
            {
                for (var i = 0; i < text.Length; i++)
                {
                    text[i] = numbers[chunk][text[i]];
                }
            }
        });
        return new WordVocabulary([.. all.Keys], [.. all.Keys.Select(word => FeatureWalk.HashWord(word))], words, importance is null ? [.. Enumerable.Repeat(1, texts.Count)] : Array.ConvertAll(importance, Rounded));
    }

    /// <summary>In how many texts each word occurs, each text as often as it counts.</summary>
    public int[] Occurring()
    {
        var occurring = new int[Words.Length];
        var last = new int[Words.Length];
        for (var text = 0; text < Texts.Length; text++)
        {
            foreach (var word in Texts[text])
            {
                if (last[word] != text + 1)
                {
                    last[word] = text + 1;
                    occurring[word] += Times[text];
                }
            }
        }

        return occurring;
    }

    private static int Rounded(float importance) => Math.Max(1, (int)Math.Ceiling(importance));

    private static (int Begin, int End) Range(int texts, int chunk) =>
        ((int)((long)texts * chunk / Chunks), (int)((long)texts * (chunk + 1) / Chunks));

    // Numbers the chunk's words by themselves.
    private static List<string> Read(IReadOnlyList<string> texts, int begin, int end, int[][] words)
    {
        var tokens = new TokenBuffer();
        var distinct = new List<string>();
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        for (var text = begin; text < end; text++)
        {
            tokens.Read(texts[text]);
            words[text] = new int[tokens.Count];
            for (var i = 0; i < tokens.Count; i++)
            {
                var word = tokens[tokens.Tokens[i]];
                if (!numbers.TryGetValue(word, out words[text][i]))
                {
                    words[text][i] = distinct.Count;
                    numbers[word] = distinct.Count;
                    distinct.Add(word.ToString());
                }
            }
        }

        return distinct;
    }
}
