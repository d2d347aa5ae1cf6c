using System.Net;
using System.Net.Http.Headers;

namespace TicketAspire.Storage.Elasticsearch;

/// <summary>A request's body of JSON values, one a line, sent piece by piece: they are not put together first.</summary>
internal sealed class LinesContent : HttpContent
{
    private readonly IEnumerable<ReadOnlyMemory<byte>> _pieces;
    private readonly long _length;

    /// <summary>Prepares it.</summary>
    /// <param name="pieces">Whole lines, each with its end; they are gone through more than once.</param>
    public LinesContent(IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        _pieces = pieces;
        _length = pieces.Sum(piece => (long)piece.Length);
        Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        foreach (var piece in _pieces)
        {
            await stream.WriteAsync(piece, cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }
}
