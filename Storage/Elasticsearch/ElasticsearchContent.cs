using System.Net.Http.Headers;
using System.Text.Json;

namespace TicketAspire.Storage.Elasticsearch;

/// <summary>Bodies of requests.</summary>
internal static class ElasticsearchContent
{
    /// <summary>One JSON value.</summary>
    public static HttpContent Json(ReadOnlyMemory<byte> body) => Of(body, "application/json");

    /// <summary>One JSON value, as it is written.</summary>
    public static HttpContent Json(Action<Utf8JsonWriter> write) => Json(Written(write));

    /// <summary>A JSON value a line.</summary>
    public static HttpContent Lines(ReadOnlyMemory<byte> body) => Of(body, "application/x-ndjson");

    /// <summary>A JSON value as bytes.</summary>
    public static ReadOnlyMemory<byte> Written(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            write(json);
        }

        return bytes.ToArray();
    }

    private static ReadOnlyMemoryContent Of(ReadOnlyMemory<byte> body, string type)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return content;
    }
}
