using Microsoft.AspNetCore.Http;

namespace TicketAspire.ServiceDefaults.Errors;

/// <summary>A request that cannot be served, with the status and the words for its sender. Not logged as an error.</summary>
public sealed class RequestException : Exception
{
    /// <summary>Creates it with a status code (400 to 599) and what to tell the sender.</summary>
    public RequestException(int status, string error)
        : base(error) => Status = status;

    /// <summary>The HTTP status code.</summary>
    public int Status { get; }

    /// <summary>When it is worth trying again; sent as <c>Retry-After</c>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>400: the request is at fault.</summary>
    public static RequestException BadRequest(string error) => new(StatusCodes.Status400BadRequest, error);

    /// <summary>404: there is no such thing.</summary>
    public static RequestException NotFound(string error) => new(StatusCodes.Status404NotFound, error);

    /// <summary>409: not as things stand.</summary>
    public static RequestException Conflict(string error) => new(StatusCodes.Status409Conflict, error);

    /// <summary>413: too much at once.</summary>
    public static RequestException TooLarge(string error) => new(StatusCodes.Status413PayloadTooLarge, error);

    /// <summary>415: not in a format that is understood here.</summary>
    public static RequestException UnsupportedMediaType(string error) => new(StatusCodes.Status415UnsupportedMediaType, error);

    /// <summary>503: not now; worth trying again after <paramref name="retryAfter"/>.</summary>
    public static RequestException Unavailable(string error, TimeSpan retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, error) { RetryAfter = retryAfter };
}
