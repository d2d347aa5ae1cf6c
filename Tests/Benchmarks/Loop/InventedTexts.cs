namespace TicketAspire.Benchmarks.Loop;

/// <summary>Texts of words that are in no file: what a classifier says of them it can only have from feedback.</summary>
internal sealed class InventedTexts(int seed)
{
    private const int WordsOfText = 7;
    private const int FewestSyllables = 3;
    private const int MostSyllables = 4;

    private static readonly string[] Beginnings = ["b", "br", "d", "f", "gl", "h", "k", "kr", "l", "m", "n", "p", "r", "st", "t", "v", "w", "z"];
    private static readonly string[] Middles = ["a", "e", "i", "o", "u", "ai", "oo"];
    private static readonly string[] Ends = ["", "", "k", "l", "m", "n", "rx", "sh", "zz"];

    private readonly Random _random = new(seed);

    /// <summary>A word of three or four syllables.</summary>
    public string Word() => string.Concat(Enumerable.Range(0, _random.Next(FewestSyllables, MostSyllables + 1)).Select(_ => Syllable()));

    /// <summary>A text of new words.</summary>
    public string Text() => string.Join(' ', Enumerable.Range(0, WordsOfText).Select(_ => Word()));

    /// <summary>A text of words drawn from these.</summary>
    public string TextOf(IReadOnlyList<string> words) =>
        string.Join(' ', Enumerable.Range(0, WordsOfText).Select(_ => words[_random.Next(words.Count)]));

    private string Syllable() => Draw(Beginnings) + Draw(Middles) + Draw(Ends);

    private string Draw(string[] parts) => parts[_random.Next(parts.Length)];
}
