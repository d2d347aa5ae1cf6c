namespace TicketAspire.Classifier.Features;

/// <summary>
/// Which row of the weights belongs to a feature: open addressing with linear probing, half full at most. A feature and its
/// row lie side by side, in the order of the features' hashes: a look-up costs one access to memory, most often.
/// </summary>
internal sealed class FeatureTable
{
    // The feature in the upper half, one more than its row in the lower; 0 where there is none.
    private readonly ulong[] _slots;

    /// <summary>Row i belongs to <c>keys[i]</c>.</summary>
    /// <param name="keys">The features, each once.</param>
    public FeatureTable(uint[] keys)
    {
        Keys = keys;
        _slots = new ulong[(keys.Length * 2) + 8];
        for (var row = 0; row < keys.Length; row++)
        {
            var slot = Slot(keys[row]);
            while (_slots[slot] != 0)
            {
                slot = Next(slot);
            }

            _slots[slot] = ((ulong)keys[row] << 32) | (uint)(row + 1);
        }
    }

    /// <summary>The features by row.</summary>
    public uint[] Keys { get; }

    /// <summary>The row of a feature, or -1 if it is unknown.</summary>
    public int Find(uint key)
    {
        var slot = Slot(key);
        while (true)
        {
            var found = _slots[slot];
            if (found == 0)
            {
                return -1;
            }

            if ((uint)(found >> 32) == key)
            {
                return (int)(uint)found - 1;
            }

            slot = Next(slot);
        }
    }

    // Keys come mixed: as fractions of the hash range they are evenly spread.
    private int Slot(uint key) => (int)(((ulong)key * (uint)_slots.Length) >> 32);

    private int Next(int slot) => slot + 1 == _slots.Length ? 0 : slot + 1;
}
