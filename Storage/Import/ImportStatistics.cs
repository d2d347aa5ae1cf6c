using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TicketAspire.Contracts;

namespace TicketAspire.Storage.Import;

/// <summary>Counts the examples of an import: labels, repetitions, and texts that occur with different labels.</summary>
public sealed class ImportStatistics
{
    /// <summary>How many contradicting texts are named.</summary>
    public const int ContradictionsKept = 20;

    private readonly SortedDictionary<string, int> _labels = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, Occurrence> _texts = [];
    private readonly List<(ulong Text, string Words)> _contradicting = [];

    /// <summary>How many examples of each label, by label.</summary>
    public IReadOnlyDictionary<string, int> Labels => _labels;

    /// <summary>Examples that repeat another one, text and label.</summary>
    public int Duplicates { get; private set; }

    /// <summary>Texts that occur with different labels.</summary>
    public int Contradictions { get; private set; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<Contradiction> Contradicting =>
        [.. _contradicting.Select(text => new Contradiction(text.Words, _texts[text.Text].ByLabel!))];

    /// <summary>Counts an example. Texts are the same whatever blanks are around them.</summary>
    public void Add(Example example)
    {
        ArgumentNullException.ThrowIfNull(example);
        var (text, label) = example;
        _labels[label] = _labels.GetValueOrDefault(label) + 1;
        var key = Key(text);
        ref var seen = ref CollectionsMarshal.GetValueRefOrAddDefault(_texts, key, out var known);
        if (!known)
        {
            seen = new Occurrence(label, 1, null);
        }
        else if (seen.ByLabel is { } counts)
        {
            Duplicates += counts.ContainsKey(label) ? 1 : 0;
            counts[label] = counts.GetValueOrDefault(label) + 1;
        }
        else if (seen.Label == label)
        {
            Duplicates++;
            seen = seen with { Count = seen.Count + 1 };
        }
        else
        {
            Contradictions++;
            seen = seen with { ByLabel = new SortedDictionary<string, int>(StringComparer.Ordinal) { [seen.Label] = seen.Count, [label] = 1 } };
            if (_contradicting.Count < ContradictionsKept)
            {
                _contradicting.Add((key, text));
            }
        }
    }

    // Instead of the texts, which may be too many to keep.
    private static ulong Key(string text) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan().Trim())));

    /// <summary>A text's labels; the counts by label only where there are several, which is seldom.</summary>
    private readonly record struct Occurrence(string Label, int Count, SortedDictionary<string, int>? ByLabel);
}
