using System.Numerics;

namespace TicketAspire.Classifier.Features;

/// <summary>Which row of the weights belongs to a feature: open addressing with linear probing, at most half full.</summary>
internal sealed class FeatureTable
{
    private readonly ulong[] _slots;
    private readonly int _shift;

    /// <summary>Row i belongs to <c>keys[i]</c>.</summary>
    /// <param name="keys">The features, each once.</param>
    public FeatureTable(uint[] keys)
    {
        Keys = keys;
        var bits = Math.Max(4, BitOperations.Log2((uint)keys.Length + 1) + 2);
        _slots = new ulong[1 << bits];
        _shift = 32 - bits;
        for (var row = 0; row < keys.Length; row++)
        {
            var slot = Slot(keys[row]);
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _slots[slot] = ((ulong)keys[row] << 32) | (uint)(row + 1);
        }
    }

    /// <summary>The features by row.</summary>
    public uint[] Keys { get; }

    /// <summary>The row of a feature, or -1 if it is unknown.</summary>
    public int Find(uint key)
    {
        var slots = _slots;
        var slot = Slot(key);
        while (true)
        {
            var entry = slots[slot];
            if (entry == 0)
            {
                return -1;
            }

            if ((uint)(entry >> 32) == key)
            {
                return (int)(uint)entry - 1;
            }

            slot = (slot + 1) & (slots.Length - 1);
        }
    }

    // Keys come mixed: their upper bits are as good as any.
    private int Slot(uint key) => (int)(key >> _shift);
}
