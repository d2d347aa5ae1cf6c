using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using TicketAspire.ServiceDefaults.Errors;

namespace TicketAspire.ServiceDefaults.Http;

/// <summary>Reads a JSON request body, with an error that says what is wrong with it.</summary>
public static class JsonBody
{
    /// <summary>Reads the whole body as one value.</summary>
    /// <exception cref="RequestException">415 for another content type; 400 for anything but the expected JSON.</exception>
    public static async ValueTask<T> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            throw RequestException.UnsupportedMediaType("The content type must be application/json");
        }

        try
        {
            return await JsonSerializer.DeserializeAsync(request.BodyReader, type, cancellation)
                ?? throw RequestException.BadRequest("The body must not be null");
        }
        catch (JsonException exception)
        {
            throw RequestException.BadRequest(Describe(exception));
        }
    }

    /// <summary>What is wrong, without quoting the body.</summary>
    public static string Describe(JsonException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        // A wrong type is found by a converter; broken syntax by the reader, which throws a JsonException itself.
        var syntax = exception.InnerException is JsonException;
        var field = exception.Path?.Split('.')[^1].TrimStart('$');
        return syntax || string.IsNullOrEmpty(field)
            ? "The body is not the JSON that is expected here"
            : $"'{field}' has the wrong type";
    }
}
