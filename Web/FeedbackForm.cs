using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using TicketAspire.Contracts;

namespace TicketAspire.Web;

/// <summary>Takes "right" and "wrong, it is ..." from the forms below an answer.</summary>
internal static class FeedbackForm
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/tickets/{id}/feedback", SaveAsync);

    private static async Task<RedirectHttpResult> SaveAsync(
        string id,
        [FromForm] string classifier,
        [FromForm] bool? right,
        [FromForm] string? label,
        [FromForm] bool? home,
        ApiClient api,
        CancellationToken cancellation)
    {
        var feedback = new FeedbackRequest { TicketId = id, Right = right, TrueLabel = right == true ? null : label?.Trim() };
        await api.GiveFeedbackAsync(classifier, feedback, cancellation);
        var ticket = Uri.EscapeDataString(id);
        return TypedResults.LocalRedirect(home == true
            ? $"/?classifier={Uri.EscapeDataString(classifier)}&ticket={ticket}&saved=true#result"
            : $"/tickets/{ticket}?saved=true#result");
    }
}
