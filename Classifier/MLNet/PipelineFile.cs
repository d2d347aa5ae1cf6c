using System.IO.Compression;
using Microsoft.ML;

namespace TicketAspire.Classifier.MLNet;

/// <summary>A pipeline as the zip that ML.NET makes of it.</summary>
internal static class PipelineFile
{
    /// <summary>What a file may unpack to: 256 MiB. A small file must not fill the memory of every service that serves it.</summary>
    private const long MostUnpacked = 256L << 20;

    private const int MostEntries = 10_000;

    /// <summary>Before 1980 a zip knows no time.</summary>
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Saves a pipeline; equal ones give equal bytes.</summary>
    /// <param name="context">Where it was made.</param>
    /// <param name="transformer">The pipeline.</param>
    /// <param name="input">The columns that go in.</param>
    /// <param name="room">How much it may unpack to, roughly.</param>
    public static byte[] Save(MLContext context, ITransformer transformer, DataViewSchema input, long room)
    {
        using var file = new MemoryStream();
        using (TemporaryFolder.For(context, room))
        {
            context.Model.Save(transformer, input, file);
        }

        return Normalize(file.ToArray());
    }

    /// <summary>Loads a pipeline.</summary>
    /// <param name="seed">The context's seed.</param>
    /// <param name="file">What <see cref="Save"/> or ML.NET itself has written.</param>
    /// <exception cref="InvalidDataException">ML.NET cannot load it.</exception>
    /// <exception cref="IOException">There is no room to unpack it; the file may be well.</exception>
    public static Pipeline Load(int seed, byte[] file)
    {
        var context = new MLContext(seed);
        var unpacked = Read(file, _ => Stream.Null);
        try
        {
            using var folder = TemporaryFolder.For(context, unpacked);
            using var stream = new MemoryStream(file);
            var transformer = context.Model.Load(stream, out var input);
            return new Pipeline(context, transformer, input);
        }
        catch (Exception exception) when (!IsOfTheMachine(exception))
        {
            throw new InvalidDataException($"ML.NET cannot load the model: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// Whether the machine is at fault and not the file: no memory, or a temporary folder that is full or not writable. ML.NET
    /// wraps some of what goes wrong while it reads.
    /// </summary>
    public static bool IsOfTheMachine(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is OutOfMemoryException or UnauthorizedAccessException or (IOException and not EndOfStreamException))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The same content as a zip that depends on nothing else: ML.NET's has the time of saving in it. Reads all of it, so that
    /// a damaged or an exaggerated one is refused here.
    /// </summary>
    /// <exception cref="InvalidDataException">It is not a whole zip, or unpacks to too much.</exception>
    public static byte[] Normalize(byte[] file)
    {
        using var result = new MemoryStream();
        using (var to = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            Read(file, entry =>
            {
                // Windows' separators, in files of old versions.
                var copy = to.CreateEntry(entry.FullName.Replace('\\', '/'), CompressionLevel.Optimal);
                copy.LastWriteTime = NoTime;
                return copy.Open();
            });
        }

        return result.ToArray();
    }

    // Gives all of each entry to a stream; how many bytes that was.
    private static long Read(byte[] file, Func<ZipArchiveEntry, Stream> open)
    {
        var unpacked = 0L;
        try
        {
            using var from = new ZipArchive(new MemoryStream(file), ZipArchiveMode.Read);
            foreach (var entry in from.Entries.Take(MostEntries + 1))
            {
                using var target = open(entry);
                unpacked += Copy(entry, target, MostUnpacked - unpacked);
            }

            if (from.Entries.Count > MostEntries || unpacked > MostUnpacked)
            {
                throw new IOException($"it holds more than {MostUnpacked >> 20} MiB or {MostEntries} files");
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or ArgumentException or NotSupportedException)
        {
            throw new InvalidDataException($"This is not a zip that can be used: {exception.Message}", exception);
        }

        return unpacked;
    }

    // A little more than the most shows that there is more.
    private static long Copy(ZipArchiveEntry entry, Stream target, long most)
    {
        using var source = entry.Open();
        var buffer = new byte[1 << 16];
        var checksum = new ZipChecksum();
        var copied = 0L;
        for (int read; copied <= most && (read = source.Read(buffer)) > 0; copied += read)
        {
            checksum.Add(buffer.AsSpan(0, read));
            target.Write(buffer, 0, read);
        }

        return copied > most || checksum.Value == entry.Crc32
            ? copied
            : throw new InvalidDataException($"'{entry.FullName}' is damaged");
    }
}
