using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace TicketAspire.Web;

/// <summary>Takes the buttons of the page of models.</summary>
internal static class ModelForms
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/models/retrain", RetrainAsync);
        routes.MapPost("/models/cancel", CancelAsync);
        routes.MapPost("/models/promote", PromoteAsync);
        routes.MapPost("/models/rollback", RollBackAsync);
        routes.MapPost("/models/delete", DeleteAsync);
        routes.MapPost("/models/shadow", ShadowAsync);
        routes.MapPost("/models/unshadow", UnshadowAsync);
    }

    /// <summary>The page of a classifier's models.</summary>
    public static string Address(string classifier) => "/models?classifier=" + Uri.EscapeDataString(classifier);

    private static Task<RedirectHttpResult> RetrainAsync(
        [FromForm] string classifier, ApiClient api, CancellationToken cancellation) =>
        BackAsync(classifier, api.RetrainAsync(classifier, cancellation));

    private static Task<RedirectHttpResult> CancelAsync(
        [FromForm] string classifier, [FromForm] long run, ApiClient api, CancellationToken cancellation) =>
        BackAsync(classifier, api.CancelRunAsync(classifier, run, cancellation));

    private static Task<RedirectHttpResult> PromoteAsync(
        [FromForm] string classifier, [FromForm] int version, ApiClient api, CancellationToken cancellation) =>
        BackAsync(classifier, api.PromoteAsync(classifier, version, cancellation));

    private static Task<RedirectHttpResult> RollBackAsync(
        [FromForm] string classifier, ApiClient api, CancellationToken cancellation) =>
        BackAsync(classifier, api.RollBackAsync(classifier, cancellation));

    private static Task<RedirectHttpResult> DeleteAsync(
        [FromForm] string classifier, [FromForm] int version, ApiClient api, CancellationToken cancellation) =>
        BackAsync(classifier, api.DeleteModelAsync(classifier, version, cancellation));

    private static Task<RedirectHttpResult> ShadowAsync(
        [FromForm] string classifier, [FromForm] int version, ApiClient api, CancellationToken cancellation) =>
        BackAsync(classifier, api.SetChallengerAsync(classifier, version, cancellation));

    private static Task<RedirectHttpResult> UnshadowAsync(
        [FromForm] string classifier, ApiClient api, CancellationToken cancellation) =>
        BackAsync(classifier, api.RemoveChallengerAsync(classifier, cancellation));

    private static async Task<RedirectHttpResult> BackAsync(string classifier, Task done)
    {
        await done;
        return TypedResults.LocalRedirect(Address(classifier));
    }
}
