using System.Numerics;

namespace TicketAspire.Classifier.Features;

/// <summary>Chooses the features worth a weight: those that occur in enough texts.</summary>
internal static class FrequentFeatures
{
    /// <summary>The features in at least <paramref name="leastTexts"/> texts, ascending.</summary>
    public static uint[] Of(IReadOnlyList<TextFeatures> texts, int leastTexts)
    {
        var counter = new Counter();
        foreach (var text in texts)
        {
            foreach (var hash in text.Hashes)
            {
                counter.Count(hash);
            }
        }

        var frequent = counter.AtLeast(leastTexts);
        Array.Sort(frequent);
        return frequent;
    }

    /// <summary>Counts numbers that are evenly spread: open addressing with linear probing, at most half full.</summary>
    private sealed class Counter
    {
        private uint[] _keys = new uint[1 << 14];
        private int[] _counts = new int[1 << 14];
        private int _distinct;

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
            var mask = _keys.Length - 1;
            var slot = (int)(key >> (32 - BitOperations.Log2((uint)_keys.Length)));
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
