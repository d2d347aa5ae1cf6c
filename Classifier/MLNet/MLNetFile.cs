using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using TicketAspire.Classifier.Model;

namespace TicketAspire.Classifier.MLNet;

/// <summary>
/// An ML.NET model as bytes: magic, format version, kind, labels, what the kind needs, ML.NET's zip, and at the end the
/// SHA-256 of all before. Little-endian. A file that is cut, changed, or of another format is refused as a whole.
/// </summary>
internal static class MLNetFile
{
    private const int FormatVersion = 1;
    private const int MostLabels = 100_000;
    private const int Learned = 0;
    private const int Imported = 1;

    private static ReadOnlySpan<byte> Magic => "TKTASMLN"u8;

    /// <summary>A learned model's bytes.</summary>
    public static byte[] Write(LearnedModel model) => Write(model, Learned, writer =>
    {
        writer.Write(MemoryMarshal.AsBytes<float>(model.Biases));
        writer.Write(model.Weights.Count);
        writer.Write(model.Weights.Data);
        writer.Write(model.Known.Length);
        writer.Write(MemoryMarshal.AsBytes<uint>(model.Known));
    });

    /// <summary>An imported model's bytes.</summary>
    public static byte[] Write(ImportedModel model) => Write(model, Imported, writer => writer.Write(model.TextColumn));

    /// <summary>Whether a file begins as these do.</summary>
    public static bool Begins(ReadOnlySpan<byte> file) => file.StartsWith(Magic);

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a whole, unchanged model file of this format.</exception>
    public static TextModel Read(ReadOnlySpan<byte> file)
    {
        var start = Magic.Length + sizeof(int);
        if (file.Length < start + SHA256.HashSizeInBytes || !Begins(file))
        {
            throw new InvalidDataException("This is not a model file.");
        }

        var content = file[..^SHA256.HashSizeInBytes];
        if (!SHA256.HashData(content).AsSpan().SequenceEqual(file[^SHA256.HashSizeInBytes..]))
        {
            throw new InvalidDataException("The model file is damaged: its checksum does not match.");
        }

        var version = BinaryPrimitives.ReadInt32LittleEndian(content[Magic.Length..]);
        if (version != FormatVersion)
        {
            throw new InvalidDataException($"The model file has format {version}; this program reads format {FormatVersion}.");
        }

        try
        {
            return ReadContent(content[start..]);
        }
        // What ML.NET says of a chain whose columns do not fit is an InvalidOperationException.
        catch (Exception error) when (error is ArgumentException or InvalidOperationException && !PipelineFile.IsOfTheMachine(error))
        {
            throw new InvalidDataException("The model file is not consistent.", error);
        }
    }

    private static TextModel ReadContent(ReadOnlySpan<byte> content)
    {
        var reader = new ModelReader(content);
        var kind = reader.Count(Imported);
        var labels = new string[reader.Count(Math.Min(MostLabels, content.Length), least: 1)];
        for (var k = 0; k < labels.Length; k++)
        {
            labels[k] = reader.Text();
        }

        if (kind == Imported)
        {
            var column = reader.Text();
            var model = ImportedModel.Of(Zip(ref reader), column);
            return model.Labels.SequenceEqual(labels, StringComparer.Ordinal) ? model : throw ModelReader.Inconsistent();
        }

        var biases = reader.Numbers<float>(labels.Length);
        var rows = reader.Count(content.Length / ByteRows.RowBytes(labels.Length));
        var weights = new ByteRows(labels.Length, reader.Numbers<byte>((long)rows * ByteRows.RowBytes(labels.Length)));
        var known = reader.Numbers<uint>(reader.Count(reader.Left / sizeof(uint)));
        var zip = Zip(ref reader);
        var pipeline = PipelineFile.Load(seed: 1, zip).Giving(NGrams.Features);
        return NGrams.Count(pipeline) == rows
            ? new LearnedModel(labels, biases, weights, known, pipeline, zip)
            : throw ModelReader.Inconsistent();
    }

    private static byte[] Zip(ref ModelReader reader)
    {
        var zip = reader.Numbers<byte>(reader.Count(reader.Left));
        return reader.AtEnd ? zip : throw ModelReader.Inconsistent();
    }

    private static byte[] Write(MLNetModel model, int kind, Action<BinaryWriter> writeKind)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(FormatVersion);
        writer.Write(kind);
        writer.Write(model.Labels.Count);
        foreach (var label in model.Labels)
        {
            writer.Write(label);
        }

        writeKind(writer);
        writer.Write(model.File.Length);
        writer.Write(model.File);
        writer.Flush();
        writer.Write(SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        return stream.ToArray();
    }
}
