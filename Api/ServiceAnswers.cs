using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TicketAspire.ServiceDefaults.Errors;

namespace TicketAspire.Api;

/// <summary>Other services' answers. What they refuse is refused to our caller with the same words.</summary>
internal static class ServiceAnswers
{
    /// <summary>Reads a success.</summary>
    /// <exception cref="RequestException">The other service's error.</exception>
    public static async Task<T> ReadAnswerAsync<T>(this HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        await response.ThrowIfRefusedAsync(cancellation);
        return await response.Content.ReadFromJsonAsync(type, cancellation)
            ?? throw new JsonException("Another service answered with nothing.");
    }

    /// <exception cref="RequestException">The other service's error.</exception>
    public static async Task ThrowIfRefusedAsync(this HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var error = await ErrorResponse.ReadAsync(response, cancellation);
        throw new RequestException((int)response.StatusCode, error ?? "Another service refused the request")
        {
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
    }
}
