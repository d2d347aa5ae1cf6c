using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Limits;

namespace TicketAspire.ServiceDefaults.Http;

/// <summary>JSON lines: one value a line, read and answered as they come.</summary>
public static class Ndjson
{
    /// <summary>The content type.</summary>
    public const string ContentType = "application/x-ndjson";

    /// <summary>True if the request's body is JSON lines.</summary>
    public static bool IsNdjson(HttpRequest request) =>
        request.ContentType?.Split(';')[0].Trim() is { } type
        && (type.Equals(ContentType, StringComparison.OrdinalIgnoreCase)
            || type.Equals("application/jsonl", StringComparison.OrdinalIgnoreCase));

    /// <summary>Lets a sender take its time between lines and send any number of them.</summary>
    public static void AllowLongStream(HttpContext context)
    {
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        context.LimitBody(null);
    }

    /// <summary>
    /// The lines that are not empty, in groups: as many as have arrived, up to <paramref name="most"/>, so that a busy
    /// stream is worked on in bulk and a slow one line by line.
    /// </summary>
    /// <exception cref="RequestException">413: a line is longer than <paramref name="longest"/> bytes.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<byte[]>> ReadAsync(
        PipeReader reader, int most, int longest, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var lines = new List<byte[]>();
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            var rest = read.Buffer;
            while (lines.Count < most && TryTake(ref rest, read.IsCompleted, lines))
            {
            }

            if (rest.Length > longest && lines.Count == 0)
            {
                throw RequestException.TooLarge($"A line is too long: at most {longest} bytes");
            }

            var end = read.IsCompleted && rest.IsEmpty;
            // Examined to the end only if no group is due: then the next read waits for more.
            reader.AdvanceTo(rest.Start, lines.Count == 0 ? rest.End : rest.Start);
            if (lines.Count > 0)
            {
                yield return lines;
                lines = [];
            }

            if (end)
            {
                yield break;
            }
        }
    }

    private static bool TryTake(ref ReadOnlySequence<byte> rest, bool completed, List<byte[]> lines)
    {
        if (rest.IsEmpty)
        {
            return false;
        }

        ReadOnlySequence<byte> line;
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
        }
        else if (completed)
        {
            line = rest;
            rest = rest.Slice(rest.End);
        }
        else
        {
            return false;
        }

        var bytes = line.ToArray();
        if (bytes.AsSpan().Trim(" \t\r"u8).Length > 0)
        {
            lines.Add(bytes);
        }

        return true;
    }
}
