using System.Numerics;

namespace TicketAspire.Classifier.Features;

/// <summary>
/// Counts the features of one text: a small hash table that stays in the processor's nearest cache. Cleared and used again
/// for the next text, it allocates nothing once it has grown to the longest one.
/// </summary>
internal sealed class FeatureCounter
{
    private uint[] _hashes = new uint[512];
    private int[] _counts = new int[512];
    private int[] _places = new int[512];
    // One more than a feature's position; 0 where there is none. At most half full.
    private int[] _slots = new int[1024];
    private int _shift = 32 - 10;

    /// <summary>How many different features there are.</summary>
    public int Distinct { get; private set; }

    /// <summary>The different features in the order in which they were first met.</summary>
    public ReadOnlySpan<uint> Hashes => _hashes.AsSpan(0, Distinct);

    /// <summary>How often each of <see cref="Hashes"/> occurs.</summary>
    public ReadOnlySpan<int> Counts => _counts.AsSpan(0, Distinct);

    /// <summary>What to multiply the counts by to give the text unit length; 0 without a feature.</summary>
    public float Scale
    {
        get
        {
            var squares = 0L;
            foreach (var count in Counts)
            {
                squares += (long)count * count;
            }

            return squares == 0 ? 0 : (float)(1 / Math.Sqrt(squares));
        }
    }

    /// <summary>Counts one occurrence.</summary>
    /// <param name="hash">A well mixed number.</param>
    /// <returns>The feature's position in <see cref="Hashes"/>.</returns>
    public int Add(uint hash)
    {
        var slots = _slots;
        var mask = slots.Length - 1;
        var slot = (int)(hash >> _shift) & mask;
        int found;
        while ((found = slots[slot]) != 0)
        {
            if (_hashes[found - 1] == hash)
            {
                _counts[found - 1]++;
                return found - 1;
            }

            slot = (slot + 1) & mask;
        }

        var position = Distinct++;
        slots[slot] = position + 1;
        _hashes[position] = hash;
        _counts[position] = 1;
        _places[position] = slot;
        if (Distinct == _hashes.Length)
        {
            Grow();
        }

        return position;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        // Not the whole table: it is as large as the longest text that ever came.
        foreach (var place in _places.AsSpan(0, Distinct))
        {
            _slots[place] = 0;
        }

        Distinct = 0;
    }

    private void Grow()
    {
        Array.Resize(ref _hashes, _hashes.Length * 2);
        Array.Resize(ref _counts, _counts.Length * 2);
        Array.Resize(ref _places, _places.Length * 2);
        _slots = new int[_slots.Length * 2];
        _shift = 32 - BitOperations.Log2((uint)_slots.Length);
        var mask = _slots.Length - 1;
        for (var position = 0; position < Distinct; position++)
        {
            var slot = (int)(_hashes[position] >> _shift) & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = position + 1;
            _places[position] = slot;
        }
    }
}

/// <summary>Counts what a walk finds.</summary>
internal readonly struct Counting(FeatureCounter counter) : IFeatureSink
{
    /// <inheritdoc/>
    public void Take(uint hash, int first, int second) => counter.Add(hash);
}
