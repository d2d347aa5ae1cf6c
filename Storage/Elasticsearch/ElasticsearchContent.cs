using System.Net.Http.Headers;
using System.Text.Json;

namespace TicketAspire.Storage.Elasticsearch;

/// <summary>Bodies of requests.</summary>
internal static class ElasticsearchContent
{
    /// <summary>One JSON value.</summary>
    public static HttpContent Json(ReadOnlyMemory<byte> body)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    /// <summary>One JSON value, as it is written.</summary>
    public static HttpContent Json(Action<Utf8JsonWriter> write) => Json(Written(write));

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
}
