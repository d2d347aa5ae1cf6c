using System.Globalization;
using System.Text.Json;
using TicketAspire.ServiceDefaults.Errors;

namespace TicketAspire.Web;

/// <summary>Turns refusals and broken connections into words for the person who asked.</summary>
internal static class ApiRefusals
{
    /// <summary>Sends a request; the answer's status is one of success.</summary>
    /// <exception cref="ApiException">The Api refuses, or cannot be reached.</exception>
    public static async Task<HttpResponseMessage> SendCheckedAsync(
        this HttpClient http, HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellation)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, completion, cancellation);
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
