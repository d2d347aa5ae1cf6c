using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TicketAspire.Classifier.Model;
using TicketAspire.Classifier.Text;

namespace TicketAspire.Classifier;

/// <summary>
/// The network of a thorough model, as later trainings on nearly the same texts can go on using it: to train it takes most
/// of a training's time, and a few texts more change it little. What it says of the texts that it was trained on comes from
/// networks that had not seen them; to any other text it is itself one that has not.
/// </summary>
public sealed class TrainedNetwork
{
    /// <summary>The format that is written and read.</summary>
    private const int FormatVersion = 1;

    private readonly ulong[] _hashes;
    private readonly Half[] _scores;
    private readonly Dictionary<ulong, int> _places;

    /// <summary>Puts it together.</summary>
    /// <param name="model">The network alone: views whose features add to hidden units only, and scores that are the network's own.</param>
    /// <param name="hashes">The <see cref="NormalizedText.Hash"/> of each text that it was trained on.</param>
    /// <param name="scores">Their out-of-fold scores, <c>scores[text * classes + class]</c>.</param>
    internal TrainedNetwork(TextClassifier model, ulong[] hashes, Half[] scores)
    {
        Model = model;
        _hashes = hashes;
        _scores = scores;
        _places = new Dictionary<ulong, int>(hashes.Length);
        for (var text = 0; text < hashes.Length; text++)
        {
            // Copies of a text share a fold, so they share their scores, too.
            _places.TryAdd(hashes[text], text);
        }
    }

    /// <summary>The labels that it knows, sorted ordinally.</summary>
    public IReadOnlyList<string> Labels => Model.Labels;

    /// <summary>The network as a model without linear views.</summary>
    internal TextClassifier Model { get; }

    private static ReadOnlySpan<byte> Magic => "TKTASNET"u8;

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not whole and unchanged, or of another version's format.</exception>
    public static TrainedNetwork Read(ReadOnlySpan<byte> file)
    {
        var start = Magic.Length + sizeof(int);
        if (file.Length < start + SHA256.HashSizeInBytes || !file[..Magic.Length].SequenceEqual(Magic)
            || BinaryPrimitives.ReadInt32LittleEndian(file[Magic.Length..]) != FormatVersion
            || !SHA256.HashData(file[..^SHA256.HashSizeInBytes]).AsSpan().SequenceEqual(file[^SHA256.HashSizeInBytes..]))
        {
            throw new InvalidDataException("This is not a trained network, or it is damaged, or of another version.");
        }

        using var content = new MemoryStream();
        using (var packed = new DeflateStream(new MemoryStream(file[start..^SHA256.HashSizeInBytes].ToArray()), CompressionMode.Decompress))
        {
            packed.CopyTo(content);
        }

        var reader = new ModelReader(content.GetBuffer().AsSpan(0, (int)content.Length));
        var hashes = reader.Numbers<ulong>(reader.Count(reader.Left / sizeof(ulong)));
        var scores = reader.Numbers<Half>(reader.Count(reader.Left));
        var model = ModelFile.Read(reader.Numbers<byte>(reader.Left));
        return scores.Length == hashes.Length * model.Labels.Count
            ? new TrainedNetwork(model, hashes, scores)
            : throw ModelReader.Inconsistent();
    }

    /// <summary>Its bytes; equal networks give equal bytes.</summary>
    public byte[] Write()
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write(Magic);
        writer.Write(FormatVersion);
        writer.Flush();
        using (var packed = new DeflateStream(file, CompressionLevel.Fastest, leaveOpen: true))
        using (var content = new BinaryWriter(packed))
        {
            content.Write(_hashes.Length);
            content.Write(MemoryMarshal.AsBytes<ulong>(_hashes));
            content.Write(_scores.Length);
            content.Write(MemoryMarshal.AsBytes<Half>(_scores));
            content.Write(ModelFile.Write(Model));
        }

        writer.Write(SHA256.HashData(file.GetBuffer().AsSpan(0, (int)file.Length)));
        writer.Flush();
        return file.ToArray();
    }

    /// <summary>What networks that have not seen them say of texts: <c>scores[text * classes + class]</c>.</summary>
    internal float[] Scores(string[] texts, ulong[] hashes, ParallelOptions parallel)
    {
        var classes = Labels.Count;
        var scores = new float[texts.Length * classes];
        Parallel.For(0, texts.Length, parallel, text =>
        {
            var own = scores.AsSpan(text * classes, classes);
            if (!_places.TryGetValue(hashes[text], out var place))
            {
                Model.ScoreAsLearned(texts[text], own);
                return;
            }

            for (var k = 0; k < classes; k++)
            {
                own[k] = (float)_scores[(place * classes) + k];
            }
        });
        return scores;
    }
}
