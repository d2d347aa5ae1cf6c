using System.Net;
using Microsoft.AspNetCore.Antiforgery;

namespace TicketAspire.Web;

/// <summary>Refuses forms without a valid token, in words that help.</summary>
internal static class StaleForms
{
    public static void UseStaleFormCheck(this WebApplication app) => app.Use((context, next) =>
        context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false, Error: var error }
            ? throw Explain(error)
            : next(context));

    private static ApiException Explain(Exception? error) => error?.InnerException switch
    {
        // The token travels in the form: one that is too large cannot be read to its end.
        BadHttpRequestException or InvalidDataException =>
            new ApiException(HttpStatusCode.RequestEntityTooLarge, "That is more than this page takes at once."),
        _ => new ApiException(
            HttpStatusCode.BadRequest, "This page was open while the service restarted. Reload it and send again."),
    };
}
