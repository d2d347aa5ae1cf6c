using System.Globalization;
using System.Net.Http.Headers;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.ServiceDefaults.Http;

namespace TicketAspire.Api.Classifiers;

/// <summary>The retrainer, as the Api asks it. What it refuses is refused to our caller with the same words.</summary>
internal sealed class RetrainerClient(HttpClient http)
{
    /// <summary>Compares two versions.</summary>
    /// <exception cref="RequestException">The retrainer's error, or 503 if it cannot be reached.</exception>
    public async Task<ModelComparison> CompareAsync(string classifier, int first, int second, int? limit, CancellationToken cancellation)
    {
        var path = string.Create(
            CultureInfo.InvariantCulture,
            $"classifiers/{Uri.EscapeDataString(classifier)}/models/{first}/compare/{second}?limit={limit ?? ModelComparison.TextsListed}");
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), cancellation);
        return await response.ReadAnswerAsync(ContractsJson.Default.ModelComparison, cancellation);
    }

    /// <summary>Hands a model over that was trained elsewhere.</summary>
    /// <exception cref="RequestException">The retrainer's error, or 503 if it cannot be reached.</exception>
    public async Task<ModelInfo> ImportAsync(string classifier, Stream file, string? textColumn, CancellationToken cancellation)
    {
        var column = textColumn is null ? string.Empty : $"?text_column={Uri.EscapeDataString(textColumn)}";
        using var content = new StreamContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri($"classifiers/{Uri.EscapeDataString(classifier)}/models{column}", UriKind.Relative)) { Content = content };
        // What is refused anyway is refused before it is sent; the rest takes its time to arrive and to be measured.
        request.Headers.ExpectContinue = true;
        request.TakesLong = true;
        using var response = await http.SendAsync(request, cancellation);
        return await response.ReadAnswerAsync(ContractsJson.Default.ModelInfo, cancellation);
    }
}
