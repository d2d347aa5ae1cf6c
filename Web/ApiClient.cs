using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;

namespace TicketAspire.Web;

/// <summary>
/// The Api service as the pages see it. Every method throws <see cref="ApiException"/> when the Api refuses
/// or cannot be reached, with a message that can be shown.
/// </summary>
internal sealed class ApiClient(HttpClient http)
{
    private static readonly ContractsJson Json = ContractsJson.Default;

    public Task<IReadOnlyList<ClassifierSummary>> GetClassifiersAsync(CancellationToken cancellation) =>
        GetAsync("classifiers", Json.IReadOnlyListClassifierSummary, cancellation);

    public Task<PredictionResponse> PredictAsync(string classifier, string text, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Post,
            $"classifiers/{Escape(classifier)}/predict",
            JsonContent.Create(new PredictRequest(text), Json.PredictRequest),
            Json.PredictionResponse,
            cancellation);

    public Task<FeedbackResponse> GiveFeedbackAsync(
        string classifier, FeedbackRequest feedback, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Post,
            $"classifiers/{Escape(classifier)}/feedback",
            JsonContent.Create(feedback, Json.FeedbackRequest),
            Json.FeedbackResponse,
            cancellation);

    public Task<Page<Ticket>> GetTicketsAsync(TicketFilter filter, int limit, CancellationToken cancellation)
    {
        var query = filter.ToQuery() + "&limit=" + limit.ToString(CultureInfo.InvariantCulture);
        return GetAsync("tickets?" + query, Json.PageTicket, cancellation);
    }

    public Task<Ticket> GetTicketAsync(string id, CancellationToken cancellation) =>
        GetAsync($"tickets/{Escape(id)}", Json.Ticket, cancellation);

    /// <summary>A recorded ticket as the model that serves now sees it.</summary>
    public Task<PredictionResponse> GetTicketPredictionAsync(string id, CancellationToken cancellation) =>
        GetAsync($"tickets/{Escape(id)}/prediction", Json.PredictionResponse, cancellation);

    public Task<IReadOnlyList<ModelInfo>> GetModelsAsync(string classifier, CancellationToken cancellation) =>
        GetAsync($"classifiers/{Escape(classifier)}/models", Json.IReadOnlyListModelInfo, cancellation);

    public Task PromoteAsync(string classifier, int version, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Post,
            string.Create(
                CultureInfo.InvariantCulture, $"classifiers/{Escape(classifier)}/models/{version}/promote"),
            content: null,
            cancellation);

    public Task<IReadOnlyList<RetrainingRun>> GetRunsAsync(
        string classifier, int limit, CancellationToken cancellation) =>
        GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"classifiers/{Escape(classifier)}/runs?limit={limit}"),
            Json.IReadOnlyListRetrainingRun,
            cancellation);

    public Task RetrainAsync(string classifier, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, $"classifiers/{Escape(classifier)}/retrain", content: null, cancellation);

    public Task<ImportResponse> ImportAsync(string classifier, Stream csv, CancellationToken cancellation)
    {
        var content = new StreamContent(csv);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        return SendAsync(
            HttpMethod.Post, $"classifiers/{Escape(classifier)}/dataset", content, Json.ImportResponse, cancellation);
    }

    private static string Escape(string part) => Uri.EscapeDataString(part);

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, path, content: null, type, cancellation);

    private async Task<T> SendAsync<T>(
        HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var response = await SendAsync(method, path, content, cancellation);
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

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        // A file that is refused anyway is better refused before it is sent: the reason arrives for certain.
        request.Headers.ExpectContinue = content is StreamContent;
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, cancellation);
        }
        catch (Exception exception) when (IsUnreachable(exception, cancellation))
        {
            throw new ApiException("The service cannot be reached.", exception);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw new ApiException(response.StatusCode, await ReadErrorAsync(response, cancellation));
        }
    }

    // Refused connections, open circuits and timeouts all mean the same to a person.
    private static bool IsUnreachable(Exception exception, CancellationToken cancellation) =>
        !cancellation.IsCancellationRequested
        && exception is (RequestException or HttpRequestException or IOException or OperationCanceledException);

    private static async Task<string> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(
                await response.Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation);
            if (body.RootElement.ValueKind == JsonValueKind.Object
                && body.RootElement.TryGetProperty("error", out var error)
                && error.GetString() is { Length: > 0 } message)
            {
                return message;
            }
        }
        catch (Exception exception) when (exception is JsonException or HttpRequestException or InvalidOperationException)
        {
            // Whatever came was not an explanation; the status has to do.
        }

        return string.Create(
            CultureInfo.InvariantCulture, $"The service answered with status {(int)response.StatusCode}.");
    }
}
