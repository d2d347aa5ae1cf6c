using System.Net;

namespace TicketAspire.Web;

/// <summary>The Api did not do what it was asked; the message is for the person who asked.</summary>
internal sealed class ApiException : Exception
{
    public ApiException()
        : this("The service cannot answer.")
    {
    }

    public ApiException(string message)
        : this(HttpStatusCode.ServiceUnavailable, message)
    {
    }

    public ApiException(string message, Exception inner)
        : base(message, inner) => Status = HttpStatusCode.ServiceUnavailable;

    public ApiException(HttpStatusCode status, string message)
        : base(message) => Status = status;

    /// <summary>What the Api answered; 503 too when it could not be reached.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>True when there was no answer at all.</summary>
    public bool Unreachable => InnerException is not null;
}
