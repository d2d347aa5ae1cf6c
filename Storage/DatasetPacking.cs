using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using TicketAspire.Contracts;

namespace TicketAspire.Storage;

/// <summary>Packs a data set example by example, so that it need not be in memory as a whole.</summary>
public sealed class DatasetPacking : IDisposable
{
    // The relaxed encoder leaves all but quotes, backslashes and control characters as they are: shorter, and one form.
    private static readonly JsonWriterOptions Canonical = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly SortedDictionary<string, int> _labels = new(StringComparer.Ordinal);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream _packed = new();
    private readonly GZipStream _gzip;
    private readonly ArrayBufferWriter<byte> _line = new(1024);
    private readonly Utf8JsonWriter _writer;
    private int _examples;

    /// <summary>Begins an empty data set.</summary>
    public DatasetPacking()
    {
        _gzip = new GZipStream(_packed, CompressionLevel.Optimal, leaveOpen: true);
        _writer = new Utf8JsonWriter(_line, Canonical);
    }

    /// <summary>Adds an example behind those before.</summary>
    public void Add(Example example)
    {
        ArgumentNullException.ThrowIfNull(example);
        _examples++;
        _labels[example.Label] = _labels.GetValueOrDefault(example.Label) + 1;
        _writer.WriteStartArray();
        _writer.WriteStringValue(example.Text);
        _writer.WriteStringValue(example.Label);
        _writer.WriteEndArray();
        _writer.Flush();
        _line.Write("\n"u8);

        _hash.AppendData(_line.WrittenSpan);
        _gzip.Write(_line.WrittenSpan);
        _line.ResetWrittenCount();
        _writer.Reset();
    }

    /// <summary>Adds all examples of a data set, in their order.</summary>
    public void AddAll(IEnumerable<Example> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        foreach (var example in examples)
        {
            Add(example);
        }
    }

    /// <summary>The data set; nothing can be added any more.</summary>
    public DatasetContent Finish()
    {
        _gzip.Dispose();
        return new DatasetContent(
            Convert.ToHexStringLower(_hash.GetHashAndReset()), _packed.GetBuffer().AsMemory(0, (int)_packed.Length), _examples, _labels);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gzip.Dispose();
        _packed.Dispose();
        _writer.Dispose();
        _hash.Dispose();
    }
}
