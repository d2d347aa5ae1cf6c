namespace TicketAspire.Classifier.Features;

/// <summary>Chooses the features worth a weight: those that occur in enough texts.</summary>
internal static class FrequentFeatures
{
    private const int PartitionBits = 6;

    /// <summary>
    /// The features in at least <paramref name="leastTexts"/> texts, ascending. Works on slices of the hash range side by
    /// side: the texts' hashes are sorted, so each slice is a run in every text, and the slices' results just follow one
    /// another.
    /// </summary>
    public static uint[] Of(TextFeatures[] texts, int leastTexts, ParallelOptions parallel)
    {
        var slices = new uint[1 << PartitionBits][];
        Parallel.For(0, slices.Length, parallel, slice => slices[slice] = Slice(texts, leastTexts, (uint)slice));
        return slices.SelectMany(slice => slice).ToArray();
    }

    private static uint[] Slice(TextFeatures[] texts, int leastTexts, uint slice)
    {
        const int Shift = 32 - PartitionBits;
        var counts = new Dictionary<uint, int>();
        foreach (var text in texts)
        {
            var hashes = text.Hashes;
            var start = Array.BinarySearch(hashes, slice << Shift);
            for (var i = start < 0 ? ~start : start; i < hashes.Length && hashes[i] >> Shift == slice; i++)
            {
                System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, hashes[i], out _)++;
            }
        }

        var frequent = counts.Where(entry => entry.Value >= leastTexts).Select(entry => entry.Key).ToArray();
        Array.Sort(frequent);
        return frequent;
    }
}
