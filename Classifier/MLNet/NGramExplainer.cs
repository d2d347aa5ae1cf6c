using Microsoft.ML.Data;
using TicketAspire.Classifier.Model;

namespace TicketAspire.Classifier.MLNet;

/// <summary>
/// Shares a linear score out among the words of a text. Which n-gram a feature is, ML.NET says in the slot's name:
/// <c>Word.reset|password</c>, <c>Char.p|r|i</c>. An n-gram's part goes in equal shares to its occurrences, and of each to the
/// words that it touches.
/// </summary>
internal sealed class NGramExplainer
{
    private const string WordPrefix = "Word.";
    private const string CharPrefix = "Char.";
    private const char Separator = '|';

    /// <summary>What ML.NET puts before and behind a text where it takes characters.</summary>
    private const char Start = '\u0002';
    private const char End = '\u0003';

    private readonly ByteRows _weights;
    private readonly ReadOnlyMemory<char>[] _names;

    /// <summary>Reads the features' names.</summary>
    public NGramExplainer(ByteRows weights, Pipeline pipeline)
    {
        _weights = weights;
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        pipeline.Output[nameof(TextOutput.Values)].GetSlotNames(ref names);
        _names = [.. names.DenseValues()];
    }

    /// <summary>What each word adds to a label's score, and what is no word's.</summary>
    public (float[] Added, float Left) Share(in VBuffer<float> values, WordedText words, int label)
    {
        var added = new float[words.Tokens.Length];
        var left = 0f;
        var text = $"{Start}{words.Text}{End}";
        var owners = Owners(words, text.Length);
        var numbers = values.GetValues();
        var places = values.GetIndices();
        var touched = new List<int>();
        for (var i = 0; i < numbers.Length; i++)
        {
            var slot = values.IsDense ? i : places[i];
            if (numbers[i] == 0)
            {
                continue;
            }

            touched.Clear();
            var name = _names[slot].Span;
            if (name.StartsWith(WordPrefix, StringComparison.Ordinal))
            {
                TouchWords(name[WordPrefix.Length..], words, touched);
            }
            else if (name.StartsWith(CharPrefix, StringComparison.Ordinal))
            {
                TouchCharacters(name[CharPrefix.Length..], text, owners, touched);
            }

            var part = _weights.Of(slot, label) * numbers[i];
            foreach (var word in touched)
            {
                added[word] += part / touched.Count;
            }

            left += touched.Count == 0 ? part : 0;
        }

        return (added, left);
    }

    // The word that each character is in; -1 for what is between words.
    private static int[] Owners(WordedText words, int length)
    {
        var owners = new int[length];
        Array.Fill(owners, -1);
        var place = 1;
        for (var word = 0; word < words.Tokens.Length; word++)
        {
            owners.AsSpan(place, words.Tokens[word].Length).Fill(word);
            place += words.Tokens[word].Length + 1;
        }

        return owners;
    }

    private static void TouchWords(ReadOnlySpan<char> gram, WordedText words, List<int> touched)
    {
        var tokens = words.Tokens;
        var split = gram.IndexOf(Separator);
        var first = split < 0 ? gram : gram[..split];
        var second = gram[(split + 1)..];
        for (var i = 0; i < tokens.Length; i++)
        {
            if (!words[tokens[i]].SequenceEqual(first))
            {
                continue;
            }

            if (split < 0)
            {
                touched.Add(i);
            }
            else if (i + 1 < tokens.Length && words[tokens[i + 1]].SequenceEqual(second))
            {
                touched.Add(i);
                touched.Add(i + 1);
            }
        }
    }

    private static void TouchCharacters(ReadOnlySpan<char> gram, string text, int[] owners, List<int> touched)
    {
        Span<char> characters = stackalloc char[gram.Length];
        var length = 0;
        foreach (var part in gram.Split(Separator))
        {
            characters[length++] = gram[part] switch
            {
                "<␂>" => Start,
                "<␃>" => End,
                "<␠>" => ' ',
                [var character] => character,
                _ => '\0',
            };
        }

        var wanted = characters[..length];
        for (var from = 0; text.AsSpan(from).IndexOf(wanted) is >= 0 and var found; from += found + 1)
        {
            var before = -1;
            foreach (var owner in owners.AsSpan(from + found, length))
            {
                if (owner >= 0 && owner != before)
                {
                    touched.Add(owner);
                    before = owner;
                }
            }
        }
    }
}
