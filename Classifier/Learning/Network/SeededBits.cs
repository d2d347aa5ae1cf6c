namespace TicketAspire.Classifier.Learning.Network;

/// <summary>
/// A fast generator of random bits for dropout (xorshift32: Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8,
/// 2003): a training asks it for hundreds of millions.
/// </summary>
internal struct SeededBits(int seed)
{
    // Never 0, which the generator would not leave.
    private uint _state = ((uint)seed * 2654435761u) | 1;

    /// <summary>True with this chance.</summary>
    /// <param name="chance">As <see cref="Chance"/> gives it.</param>
    public bool Happens(uint chance)
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return _state < chance;
    }

    /// <summary>A chance of 0 to 1 for <see cref="Happens"/>.</summary>
    public static uint Chance(double probability) => (uint)(probability * uint.MaxValue);
}
