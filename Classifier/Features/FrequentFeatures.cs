using System.Numerics;

namespace TicketAspire.Classifier.Features;

/// <summary>Chooses the features worth a weight: those that occur in enough texts.</summary>
internal static class FrequentFeatures
{
    /// <summary>The features are counted in so many parts of the hashes' range, each by one thread: a power of two.</summary>
    private const int Parts = 16;

    /// <summary>The features in at least <paramref name="leastTexts"/> texts, ascending, and in how many each is.</summary>
    /// <param name="texts">The texts' features.</param>
    /// <param name="times">For how many texts each counts.</param>
    /// <param name="leastTexts">What is in fewer is left out.</param>
    /// <param name="parallel">How many threads to use, and when to give up.</param>
    public static (uint[] Features, int[] Occurring) Of(
        IReadOnlyList<CountedText> texts, int[] times, int leastTexts, ParallelOptions parallel)
    {
        var parts = new (uint[] Features, int[] Occurring)[Parts];
        Parallel.For(0, Parts, parallel, part =>
        {
            var counter = new Counter();
            for (var text = 0; text < texts.Count; text++)
            {
                foreach (var hash in texts[text].Hashes)
                {
                    if (hash >> (32 - BitOperations.Log2(Parts)) == part)
                    {
                        counter.Count(hash, times[text]);
                    }
                }
            }

            parts[part] = counter.AtLeast(leastTexts);
        });
        return ([.. parts.SelectMany(part => part.Features)], [.. parts.SelectMany(part => part.Occurring)]);
    }

    /// <summary>Counts numbers that are evenly spread in their lower bits: open addressing with linear probing, at most half full.</summary>
    private sealed class Counter
    {
        private uint[] _keys = new uint[1 << 12];
        private int[] _counts = new int[1 << 12];
        private int _distinct;

        public void Count(uint key, int times)
        {
            var slot = Slot(key);
            var before = _counts[slot];
            _counts[slot] += times;
            if (before == 0)
            {
                _keys[slot] = key;
                if (++_distinct * 2 > _keys.Length)
                {
                    Grow();
                }
            }
        }

        public (uint[] Features, int[] Occurring) AtLeast(int count)
        {
            uint[] keys = [.. _keys.Where((_, slot) => _counts[slot] >= count)];
            int[] counts = [.. _counts.Where(found => found >= count)];
            Array.Sort(keys, counts);
            return (keys, counts);
        }

        private int Slot(uint key)
        {
            var mask = _keys.Length - 1;
            var slot = (int)key & mask;
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
