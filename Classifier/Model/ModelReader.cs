using System.Runtime.InteropServices;
using System.Text;

namespace TicketAspire.Classifier.Model;

/// <summary>Reads the parts of a model file from memory, each copied once.</summary>
internal ref struct ModelReader(ReadOnlySpan<byte> content)
{
    private ReadOnlySpan<byte> _rest = content;

    /// <summary>True if nothing is left.</summary>
    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>How many bytes are left.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>What a file that does not fit together is refused with.</summary>
    public static InvalidDataException Inconsistent() => new("The model file is not consistent.");

    /// <summary>A number between these bounds.</summary>
    public int Count(int most, int least = 0)
    {
        var count = Numbers<int>(1)[0];
        return count >= least && count <= most ? count : throw Inconsistent();
    }

    /// <summary>So many numbers.</summary>
    public T[] Numbers<T>(long count)
        where T : unmanaged
    {
        var bytes = count * Marshal.SizeOf<T>();
        if (bytes > _rest.Length)
        {
            throw Inconsistent();
        }

        var numbers = MemoryMarshal.Cast<byte, T>(_rest[..(int)bytes]).ToArray();
        _rest = _rest[(int)bytes..];
        return numbers;
    }

    /// <summary>A text: its length in bytes, seven bits at a time, then UTF-8.</summary>
    public string Text()
    {
        var length = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = Numbers<byte>(1)[0];
            if (shift > 21)
            {
                throw Inconsistent();
            }

            length |= (part & 0x7F) << shift;
            if (part < 0x80)
            {
                break;
            }
        }

        return Encoding.UTF8.GetString(Numbers<byte>(length));
    }
}
