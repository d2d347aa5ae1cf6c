using System.Security.Cryptography;
using System.Text;

namespace TicketAspire.Classifier.Text;

/// <summary>A text's words in normalised form: what makes two texts "the same".</summary>
public static class NormalizedText
{
    /// <summary>The normalised words, separated by single spaces; empty if the text holds no word.</summary>
    public static string Of(ReadOnlySpan<char> text)
    {
        var buffer = new TokenBuffer();
        buffer.Read(text);
        var joined = new StringBuilder(text.Length);
        foreach (var token in buffer.Tokens)
        {
            if (joined.Length > 0)
            {
                joined.Append(' ');
            }

            joined.Append(buffer[token]);
        }

        return joined.ToString();
    }

    /// <summary>
    /// A number that depends on the normalised words alone, evenly spread over 64 bits (the first bytes of SHA-256): the
    /// same on every machine and in every version, so that what is drawn by it stays drawn.
    /// </summary>
    public static ulong Hash(ReadOnlySpan<char> text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(Of(text)), digest);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(digest);
    }
}
