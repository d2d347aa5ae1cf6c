using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using TicketAspire.Classifier.Features;
using TicketAspire.Classifier.Learning.Network;
using TicketAspire.Classifier.Model;

namespace TicketAspire.Classifier;

/// <summary>
/// A model as bytes: magic, format version, labels, biases, views, network, and at the end the SHA-256 of all before. Little-endian.
/// A file that is cut, changed, or of another format is refused as a whole.
/// </summary>
public static class ModelFile
{
    /// <summary>The format that is written and read.</summary>
    public const int FormatVersion = 2;

    private const int MostLabels = 100_000;
    private const int MostViews = 2;
    private const int MostHidden = 1 << 16;

    /// <summary>Stands in the place of the number of hidden units when there is no network.</summary>
    private const int NoNetwork = -1;

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

        ViewWeights[] views = [.. new[] { model.Words, model.Characters }.OfType<ViewWeights>()];
        writer.Write(views.Length);
        writer.Write(model.Network?.Hidden ?? NoNetwork);
        foreach (var view in views)
        {
            writer.Write((int)view.View);
            writer.Write(view.Features.Length);
            writer.Write(view.HiddenCount);
            writer.Write(MemoryMarshal.AsBytes<uint>(view.Features));
            writer.Write(view.Scores.Data);
            writer.Write(view.Hidden.Data);
        }

        if (model.Network is { } network)
        {
            writer.Write(network.Words.Length);
            writer.Write(MemoryMarshal.AsBytes<uint>(network.Words));
            writer.Write(network.Embeddings.Data);
            writer.Write(MemoryMarshal.AsBytes<float>(network.Filters));
            writer.Write(MemoryMarshal.AsBytes<float>(network.UnitBiases));
            writer.Write(MemoryMarshal.AsBytes<float>(network.Output));
        }

        writer.Flush();
        writer.Write(SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Whether a file begins as these do.</summary>
    internal static bool Begins(ReadOnlySpan<byte> file) => file.StartsWith(Magic);

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
        catch (ArgumentException error)
        {
            throw new InvalidDataException("The model file is not consistent.", error);
        }
    }

    private static TextClassifier ReadContent(ReadOnlySpan<byte> content)
    {
        var reader = new ModelReader(content);
        var labels = new string[reader.Count(Math.Min(MostLabels, content.Length), least: 1)];
        var biases = new float[labels.Length];
        for (var k = 0; k < labels.Length; k++)
        {
            labels[k] = reader.Text();
            biases[k] = reader.Numbers<float>(1)[0];
        }

        var views = new ViewWeights[reader.Count(MostViews)];
        var hidden = reader.Count(MostHidden, least: NoNetwork);
        for (var view = 0; view < views.Length; view++)
        {
            var kind = (FeatureView)reader.Count((int)FeatureView.Characters);
            var rows = reader.Count(content.Length / ByteRows.RowBytes(labels.Length));
            var leading = reader.Count(hidden == NoNetwork ? 0 : rows);
            views[view] = new ViewWeights(
                kind,
                reader.Numbers<uint>(rows),
                new ByteRows(labels.Length, reader.Numbers<byte>(rows * ByteRows.RowBytes(labels.Length))),
                new ByteRows(Math.Max(0, hidden), reader.Numbers<byte>((long)leading * ByteRows.RowBytes(Math.Max(0, hidden)))));
        }

        var network = hidden == NoNetwork ? null : ReadNetwork(ref reader, hidden, labels.Length);
        var kinds = views.Select(view => view.View == FeatureView.Characters).ToArray();
        return reader.AtEnd && kinds.Distinct().Count() == kinds.Length && (hidden == NoNetwork || hidden % ByteRows.Stride(1) == 0)
            ? new TextClassifier(labels, biases, views, network)
            : throw ModelReader.Inconsistent();
    }

    private static NetworkWeights ReadNetwork(ref ModelReader reader, int hidden, int labels)
    {
        var words = reader.Count(reader.Left / sizeof(uint));
        var units = NetworkShape.Filters + hidden;
        return new NetworkWeights(
            reader.Numbers<uint>(words),
            new ByteRows(NetworkShape.Embedding, reader.Numbers<byte>((long)words * ByteRows.RowBytes(NetworkShape.Embedding))),
            reader.Numbers<float>(NetworkShape.Width * NetworkShape.Embedding * NetworkShape.Filters),
            reader.Numbers<float>(units),
            reader.Numbers<float>((long)units * ByteRows.Stride(labels)));
    }
}
