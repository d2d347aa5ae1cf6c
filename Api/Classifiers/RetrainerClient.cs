using System.Globalization;
using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;

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
}
