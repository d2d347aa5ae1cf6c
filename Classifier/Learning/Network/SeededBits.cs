using System.Runtime.Intrinsics;

namespace TicketAspire.Classifier.Learning.Network;

/// <summary>
/// A fast generator of random bits for dropout, eight at a time (xorshift32: Marsaglia, "Xorshift RNGs", Journal of
/// Statistical Software 8, 2003): a training asks it for hundreds of millions.
/// </summary>
internal struct SeededBits
{
    /// <summary>How many decisions <see cref="Happen"/> gives.</summary>
    public const int Count = 8;

    private Vector256<uint> _state;

    /// <summary>Begins a sequence.</summary>
    public SeededBits(int seed)
    {
        var random = new Random(seed);
        var states = new uint[Count];
        for (var i = 0; i < Count; i++)
        {
            // Never 0, which the generator would not leave.
            states[i] = (uint)random.Next(1, int.MaxValue);
        }

        _state = Vector256.Create(states);
    }

    /// <summary>Eight decisions, each true with this chance: the lower bits of the answer.</summary>
    /// <param name="chance">As <see cref="Chance"/> gives it.</param>
    public uint Happen(uint chance)
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return Vector256.LessThan(_state, Vector256.Create(chance)).ExtractMostSignificantBits();
    }

    /// <summary>A chance of 0 to 1 for <see cref="Happen"/>.</summary>
    public static uint Chance(double probability) => (uint)(probability * uint.MaxValue);
}
