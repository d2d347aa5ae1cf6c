using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using TicketAspire.Classifier.Features;

namespace TicketAspire.Classifier;

/// <summary>
/// A model as bytes: magic, format version, labels, biases, views, and at the end the SHA-256 of all before. Little-endian.
/// A file that is cut, changed, or of another format is refused as a whole.
/// </summary>
public static class ModelFile
{
    /// <summary>The format that is written and read.</summary>
    public const int FormatVersion = 1;

    private const int MostLabels = 100_000;

    private static ReadOnlySpan<byte> Magic => "TKTASPIR"u8;

    /// <summary>The model's bytes; equal models give equal bytes.</summary>
    public static byte[] Write(TextClassifier model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(FormatVersion);
        writer.Write(model.Labels.Count);
        for (var k = 0; k < model.Labels.Count; k++)
        {
            writer.Write(model.Labels[k]);
            writer.Write(model.Biases[k]);
        }

        writer.Write(model.Views.Length);
        foreach (var view in model.Views)
        {
            writer.Write((int)view.View);
            writer.Write(view.Features.Length);
            writer.Write(MemoryMarshal.AsBytes<uint>(view.Features));
            writer.Write(MemoryMarshal.AsBytes<float>(view.Scales));
            writer.Write(MemoryMarshal.AsBytes<sbyte>(view.Weights));
        }

        writer.Flush();
        writer.Write(SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a whole, unchanged model file of this format.</exception>
    public static TextClassifier Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < Magic.Length + sizeof(int) + SHA256.HashSizeInBytes || !file[..Magic.Length].SequenceEqual(Magic))
        {
            throw new InvalidDataException("This is not a model file.");
        }

        var content = file[..^SHA256.HashSizeInBytes];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, digest);
        if (!digest.SequenceEqual(file[^SHA256.HashSizeInBytes..]))
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
            return ReadContent(content[(Magic.Length + sizeof(int))..]);
        }
        catch (Exception error) when (error is IOException or FormatException)
        {
            throw new InvalidDataException("The model file is not consistent.", error);
        }
    }

    private static TextClassifier ReadContent(ReadOnlySpan<byte> content)
    {
        using var reader = new BinaryReader(new MemoryStream(content.ToArray(), writable: false), Encoding.UTF8);
        var labels = new string[Checked(reader.ReadInt32(), Math.Min(MostLabels, content.Length), 1)];
        var biases = new float[labels.Length];
        for (var k = 0; k < labels.Length; k++)
        {
            labels[k] = reader.ReadString();
            biases[k] = reader.ReadSingle();
        }

        var views = new ViewWeights[Checked(reader.ReadInt32(), Enum.GetValues<FeatureView>().Length)];
        for (var view = 0; view < views.Length; view++)
        {
            var kind = (FeatureView)Checked(reader.ReadInt32(), (int)FeatureView.Characters);
            var rows = Checked(reader.ReadInt32(), content.Length / ViewWeights.RowBytes(labels.Length));
            var features = new uint[rows];
            var scales = new float[rows];
            var weights = new sbyte[rows * ViewWeights.Stride(labels.Length)];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(features.AsSpan()));
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(scales.AsSpan()));
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(weights.AsSpan()));
            views[view] = new ViewWeights(kind, features, weights, scales);
        }

        return reader.BaseStream.Position == content.Length
            ? new TextClassifier(labels, biases, views)
            : throw new InvalidDataException("The model file is not consistent.");
    }

    private static int Checked(int count, int most, int least = 0) =>
        count >= least && count <= most ? count : throw new InvalidDataException("The model file is not consistent.");
}
