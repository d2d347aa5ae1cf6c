using System.Numerics;

namespace TicketAspire.Classifier.Features;

/// <summary>Chooses the features worth a weight: those that occur in enough texts.</summary>
internal static class FrequentFeatures
{
    private const int PartitionBits = 6;
    private const int Shift = 32 - PartitionBits;

    /// <summary>
    /// The features in at least <paramref name="leastTexts"/> texts, ascending. Works on slices of the hash range side by
    /// side: the texts' hashes are sorted, so each slice is a run in every text, and the slices' results just follow one
    /// another.
    /// </summary>
    public static uint[] Of(TextFeatures[] texts, int leastTexts, ParallelOptions parallel)
    {
        var slices = new uint[1 << PartitionBits][];
        Parallel.For(
            0,
            slices.Length,
            parallel,
            () => new Counter(),
            (slice, _, counter) =>
            {
                slices[slice] = Slice(texts, leastTexts, (uint)slice, counter);
                return counter;
            },
            _ => { });
        return slices.SelectMany(slice => slice).ToArray();
    }

    private static uint[] Slice(TextFeatures[] texts, int leastTexts, uint slice, Counter counter)
    {
        counter.Clear();
        foreach (var text in texts)
        {
            var hashes = text.Hashes;
            var start = Array.BinarySearch(hashes, slice << Shift);
            for (var i = start < 0 ? ~start : start; i < hashes.Length && hashes[i] >> Shift == slice; i++)
            {
                counter.Count(hashes[i]);
            }
        }

        var frequent = counter.AtLeast(leastTexts);
        Array.Sort(frequent);
        return frequent;
    }

    /// <summary>Counts numbers: open addressing, at most half full; made for being cleared and used again.</summary>
    private sealed class Counter
    {
        private uint[] _keys = new uint[1 << 12];
        private int[] _counts = new int[1 << 12];
        private int _distinct;

        public void Clear()
        {
            Array.Clear(_counts);
            _distinct = 0;
        }

        public void Count(uint key)
        {
            var slot = Slot(key);
            if (_counts[slot]++ == 0)
            {
                _keys[slot] = key;
                if (++_distinct * 2 > _keys.Length)
                {
                    Grow();
                }
            }
        }

        public uint[] AtLeast(int count) => [.. _keys.Where((_, slot) => _counts[slot] >= count)];

        private int Slot(uint key)
        {
            // A slice's keys have their upper bits in common: the bits below them choose the slot.
            var mask = _keys.Length - 1;
            var slot = (int)((key << PartitionBits) >> (32 - BitOperations.Log2((uint)_keys.Length)));
            while (_counts[slot] != 0 && _keys[slot] != key)
            {
                slot = (slot + 1) & mask;
            }

            return slot;
        }

        private void Grow()
        {
            var (keys, counts) = (_keys, _counts);
            _keys = new uint[keys.Length * 2];
            _counts = new int[keys.Length * 2];
            for (var i = 0; i < keys.Length; i++)
            {
                if (counts[i] != 0)
                {
                    var slot = Slot(keys[i]);
                    (_keys[slot], _counts[slot]) = (keys[i], counts[i]);
                }
            }
        }
    }
}
