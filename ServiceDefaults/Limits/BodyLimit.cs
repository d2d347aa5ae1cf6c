using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace TicketAspire.ServiceDefaults.Limits;

/// <summary>How long a request's body may be, where a route takes more than others.</summary>
public static class BodyLimit
{
    /// <summary>Sets it for this request, before its body is read; null lifts it.</summary>
    public static void LimitBody(this HttpContext context, long? bytes)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = bytes;
        }
    }
}
