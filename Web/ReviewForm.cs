using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using TicketAspire.Contracts;

namespace TicketAspire.Web;

/// <summary>Takes the decision on a ticket that waited, and goes on to the next.</summary>
internal static class ReviewForm
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/review/decide", DecideAsync);

    /// <summary>The page of what waits.</summary>
    /// <param name="classifier">Whose tickets.</param>
    /// <param name="after">Only those behind this ticket: the ones before were skipped.</param>
    /// <param name="last">The ticket that was decided just now.</param>
    /// <param name="taken">True when somebody else had decided that one.</param>
    public static string Address(string classifier, string? after = null, string? last = null, bool taken = false) =>
        "/review?classifier=" + Uri.EscapeDataString(classifier)
        + (string.IsNullOrEmpty(after) ? "" : "&after=" + Uri.EscapeDataString(after))
        + (string.IsNullOrEmpty(last) ? "" : "&last=" + Uri.EscapeDataString(last))
        + (taken ? "&taken=true" : "");

    private static async Task<RedirectHttpResult> DecideAsync(
        [FromForm] string classifier,
        [FromForm] string ticket,
        [FromForm] string label,
        [FromForm] string? after,
        ApiClient api,
        CancellationToken cancellation)
    {
        // Two people may look at the same ticket: the first one's word stays, and the second goes on with the next.
        if (await FindAsync(api, ticket, cancellation) is not { } found)
        {
            return TypedResults.LocalRedirect(Address(classifier, after, taken: true));
        }

        if (found.Label is null)
        {
            await api.GiveFeedbackAsync(
                classifier, new FeedbackRequest { TicketId = ticket, TrueLabel = label.Trim() }, cancellation);
        }

        return TypedResults.LocalRedirect(Address(classifier, after, ticket, taken: found.Label is not null));
    }

    private static async Task<Ticket?> FindAsync(ApiClient api, string id, CancellationToken cancellation)
    {
        try
        {
            return await api.GetTicketAsync(id, cancellation);
        }
        catch (ApiException exception) when (exception.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
