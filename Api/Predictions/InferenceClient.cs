using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Http;

namespace TicketAspire.Api.Predictions;

/// <summary>Inference, as the Api asks it. What Inference refuses is refused to our caller with the same words.</summary>
internal sealed class InferenceClient(HttpClient http)
{
    /// <summary>Classifies one text.</summary>
    /// <exception cref="RequestException">Inference's error, or 503 if it cannot be reached.</exception>
    public Task<PredictionResponse> PredictAsync(string classifier, string? text, CancellationToken cancellation) =>
        AnswerAsync($"classifiers/{Uri.EscapeDataString(classifier)}/predict", text, cancellation);

    /// <summary>What the present model says of a text that was classified before: it is not counted as one that came in.</summary>
    /// <exception cref="RequestException">As for <see cref="PredictAsync(string, string?, CancellationToken)"/>.</exception>
    public Task<PredictionResponse> ExplainAsync(string classifier, string text, CancellationToken cancellation) =>
        AnswerAsync($"classifiers/{Uri.EscapeDataString(classifier)}/predict?counted=false", text, cancellation);

    /// <summary>Classifies many texts; each answer, in order, is a prediction or an error.</summary>
    /// <exception cref="RequestException">As for one.</exception>
    public async Task<IReadOnlyList<BatchAnswer>> PredictAsync(
        string classifier, PredictRequest[] requests, CancellationToken cancellation)
    {
        using var response = await PostAsync(
            $"classifiers/{Uri.EscapeDataString(classifier)}/predict/batch", requests, ContractsJson.Default.PredictRequestArray, cancellation);
        await response.ThrowIfRefusedAsync(cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        using var answers = await JsonDocument.ParseAsync(body, cancellationToken: cancellation);
        return [.. answers.RootElement.EnumerateArray().Select(Parse)];
    }

    /// <summary>True if Inference says that it is ready.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        using var response = await http.GetAsync("ready", cancellation);
        return response.IsSuccessStatusCode;
    }

    private async Task<PredictionResponse> AnswerAsync(string path, string? text, CancellationToken cancellation)
    {
        using var response = await PostAsync(path, new PredictRequest(text), ContractsJson.Default.PredictRequest, cancellation);
        return await response.ReadAnswerAsync(ContractsJson.Default.PredictionResponse, cancellation);
    }

    private async Task<HttpResponseMessage> PostAsync<T>(string path, T value, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(value, type), IsPure = true };
        return await http.SendAsync(request, cancellation);
    }

    private static BatchAnswer Parse(JsonElement answer) =>
        answer.TryGetProperty("error", out var error)
            ? new BatchAnswer(null, error.GetString())
            : new BatchAnswer(answer.Deserialize(ContractsJson.Default.PredictionResponse), null);
}
