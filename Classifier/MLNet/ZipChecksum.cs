namespace TicketAspire.Classifier.MLNet;

/// <summary>The checksum of a file in a zip (CRC-32, ISO 3309): .NET's reader does not compare it.</summary>
internal struct ZipChecksum()
{
    private const uint Polynomial = 0xEDB88320;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    private uint _rest = uint.MaxValue;

    /// <summary>Of all that was added.</summary>
    public readonly uint Value => ~_rest;

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var part in bytes)
        {
            _rest = Table[(byte)(_rest ^ part)] ^ (_rest >> 8);
        }
    }

    private static uint Entry(int start)
    {
        var entry = (uint)start;
        for (var bit = 0; bit < 8; bit++)
        {
            entry = (entry & 1) == 0 ? entry >> 1 : (entry >> 1) ^ Polynomial;
        }

        return entry;
    }
}
