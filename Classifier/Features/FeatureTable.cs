namespace TicketAspire.Classifier.Features;

/// <summary>
/// Which row of the weights belongs to a feature: open addressing with linear probing, two thirds full. Slots are in the
/// order of the features' hashes; an unknown feature costs a single look at four bytes, most often.
/// </summary>
internal sealed class FeatureTable
{
    private readonly uint[] _slots;
    private readonly int[] _rows;

    /// <summary>Row i belongs to <c>keys[i]</c>.</summary>
    /// <param name="keys">The features, each once.</param>
    public FeatureTable(uint[] keys)
    {
        Keys = keys;
        _slots = new uint[keys.Length + (keys.Length / 2) + 8];
        _rows = new int[_slots.Length];
        Array.Fill(_rows, -1);
        for (var row = 0; row < keys.Length; row++)
        {
            var slot = Slot(keys[row]);
            while (_rows[slot] >= 0)
            {
                slot = Next(slot);
            }

            _slots[slot] = keys[row];
            _rows[slot] = row;
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
            if (found == key)
            {
                return _rows[slot];
            }

            // An empty slot holds 0, but so does the one of a feature that hashes to 0.
            if (found == 0 && _rows[slot] < 0)
            {
                return -1;
            }

            slot = Next(slot);
        }
    }

    // Keys come mixed: as fractions of the hash range they are evenly spread.
    private int Slot(uint key) => (int)(((ulong)key * (uint)_slots.Length) >> 32);

    private int Next(int slot) => slot + 1 == _slots.Length ? 0 : slot + 1;
}
