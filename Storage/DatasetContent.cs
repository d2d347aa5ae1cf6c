using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using TicketAspire.Contracts;

namespace TicketAspire.Storage;

/// <summary>
/// The canonical form of a data set, which its hash is taken of, and its packed form for a store. The canonical form is
/// one line of UTF-8 for each example: a JSON array of text and label. It must never change: hashes are kept in lineages.
/// </summary>
/// <param name="Hash">SHA-256 of the canonical form, lower-case hexadecimal.</param>
/// <param name="Packed">The canonical form, compressed with gzip.</param>
/// <param name="Labels">How many examples of each label, sorted by label.</param>
internal sealed record DatasetContent(string Hash, byte[] Packed, IReadOnlyDictionary<string, int> Labels)
{
    // The relaxed encoder leaves all but quotes, backslashes and control characters as they are: shorter, and one form.
    private static readonly JsonWriterOptions Canonical = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Encodes examples in their order.</summary>
    public static DatasetContent Pack(IReadOnlyList<Example> examples)
    {
        var labels = new SortedDictionary<string, int>(StringComparer.Ordinal);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var line = new ArrayBufferWriter<byte>(1024);
            using var writer = new Utf8JsonWriter(line, Canonical);
            foreach (var (text, label) in examples)
            {
                labels[label] = labels.GetValueOrDefault(label) + 1;
                writer.WriteStartArray();
                writer.WriteStringValue(text);
                writer.WriteStringValue(label);
                writer.WriteEndArray();
                writer.Flush();
                line.Write("\n"u8);

                hash.AppendData(line.WrittenSpan);
                gzip.Write(line.WrittenSpan);
                line.ResetWrittenCount();
                writer.Reset();
            }
        }

        return new DatasetContent(Convert.ToHexStringLower(hash.GetHashAndReset()), packed.ToArray(), labels);
    }

    /// <summary>Decodes the packed form.</summary>
    /// <exception cref="InvalidDataException">It does not match the hash.</exception>
    public static List<Example> Unpack(string hash, byte[] packed)
    {
        using var content = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress))
        {
            gzip.CopyTo(content);
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
