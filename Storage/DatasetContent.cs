using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using TicketAspire.Contracts;

namespace TicketAspire.Storage;

/// <summary>
/// The canonical form of a data set, which its hash is taken of, and its packed form for a store. The canonical form is
/// one line of UTF-8 for each example: a JSON array of text and label. It must never change: hashes are kept in lineages.
/// </summary>
/// <param name="Hash">SHA-256 of the canonical form, lower-case hexadecimal.</param>
/// <param name="Packed">The canonical form, compressed with gzip.</param>
/// <param name="Examples">How many examples.</param>
/// <param name="Labels">How many examples of each label, sorted by label.</param>
public sealed record DatasetContent(string Hash, ReadOnlyMemory<byte> Packed, int Examples, IReadOnlyDictionary<string, int> Labels)
{
    /// <summary>Decodes the packed form.</summary>
    /// <exception cref="InvalidDataException">It does not match the hash.</exception>
    internal static List<Example> Unpack(string hash, byte[] packed)
    {
        using var content = new MemoryStream();
        try
        {
            using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
            gzip.CopyTo(content);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"The stored data set {hash} is damaged: it cannot be unpacked.", error);
        }

        var rest = content.GetBuffer().AsSpan(0, (int)content.Length);
        if (Convert.ToHexStringLower(SHA256.HashData(rest)) != hash)
        {
            throw new InvalidDataException($"The stored data set {hash} is damaged: its content does not match its hash.");
        }

        var examples = new List<Example>();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = new Utf8JsonReader(rest[..end]);
            line.Read();
            line.Read();
            var text = line.GetString()!;
            line.Read();
            examples.Add(new Example(text, line.GetString()!));
            rest = rest[(end + 1)..];
        }

        return examples;
    }
}
