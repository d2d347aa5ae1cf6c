using System.Net.Http.Headers;
using System.Text.Json.Serialization.Metadata;
using TicketAspire.Contracts;

namespace TicketAspire.Web;

/// <content>A classifier's data set.</content>
internal sealed partial class ApiClient
{
    /// <summary>Keeps the file's examples and asks for a training.</summary>
    public Task<ImportResponse> ImportAsync(
        string classifier, string mode, Stream csv, CancellationToken cancellation) =>
        SendFileAsync($"classifiers/{Escape(classifier)}/dataset?mode={Escape(mode)}", csv, Json.ImportResponse, cancellation);

    /// <summary>Reads the file as an import would, and keeps nothing.</summary>
    public Task<ImportPreview> PreviewAsync(
        string classifier, string mode, Stream csv, CancellationToken cancellation) =>
        SendFileAsync($"classifiers/{Escape(classifier)}/dataset/preview?mode={Escape(mode)}", csv, Json.ImportPreview, cancellation);

    private Task<T> SendFileAsync<T>(string path, Stream csv, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        var content = new StreamContent(csv);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        return SendAsync(HttpMethod.Post, path, content, type, cancellation);
    }
}
