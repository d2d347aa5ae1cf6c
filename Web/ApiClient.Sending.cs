using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TicketAspire.ServiceDefaults.Http;

namespace TicketAspire.Web;

/// <content>How a request is sent and its answer read.</content>
internal sealed partial class ApiClient
{
    private static string Escape(string part) => Uri.EscapeDataString(part);

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, path, content: null, type, cancellation);

    private async Task<T> SendAsync<T>(
        HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var response = await SendCoreAsync(method, path, content, cancellation);
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellation)
                ?? throw new ApiException(HttpStatusCode.BadGateway, "The service answered with nothing.");
        }
        catch (JsonException)
        {
            throw new ApiException(HttpStatusCode.BadGateway, "The service answered in a way this page does not know.");
        }
    }

    // Where the answer's content does not matter.
    private async Task SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellation)
    {
        using var response = await SendCoreAsync(method, path, content, cancellation);
    }

    private async Task<HttpResponseMessage> SendCoreAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        // A file that is refused anyway is better refused before it is sent: the reason arrives for certain.
        request.Headers.ExpectContinue = content is StreamContent;
        request.TakesLong = content is StreamContent;
        return await http.SendCheckedAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
    }
}
