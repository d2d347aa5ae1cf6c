using System.Globalization;
using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace TicketAspire.ServiceDefaults.Errors;

/// <summary>The body of every error: problem details (RFC 9457) with an <c>error</c> member, which the reference systems' clients read.</summary>
/// <param name="Status">The HTTP status code.</param>
/// <param name="Title">The status in words.</param>
/// <param name="Error">What is wrong, for the sender.</param>
public sealed record ErrorResponse(int Status, string Title, string Error)
{
    /// <summary>
    /// Answers with the error. An answer that has begun is broken off: its receiver must not take a part for the whole.
    /// </summary>
    public static async Task WriteAsync(HttpContext context, RequestException exception, CancellationToken cancellation)
    {
        var response = context.Response;
        if (response.HasStarted)
        {
            context.Abort();
            return;
        }

        response.Clear();
        response.StatusCode = exception.Status;
        if (exception.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        var body = new ErrorResponse(exception.Status, ReasonPhrases.GetReasonPhrase(exception.Status), exception.Message);
        await response.WriteAsJsonAsync(
            body, ErrorJson.Readable.ErrorResponse, "application/problem+json", cancellation);
    }

    /// <summary>The words of another service's error, or null if it has none in this format.</summary>
    public static async Task<string?> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(response);
        try
        {
            var body = await response.Content.ReadFromJsonAsync(ErrorJson.Default.ErrorResponse, cancellation);
            return body?.Error;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ErrorResponse))]
internal sealed partial class ErrorJson : JsonSerializerContext
{
    /// <summary>Writes quotes as quotes: the words are for people, too.</summary>
    public static ErrorJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
