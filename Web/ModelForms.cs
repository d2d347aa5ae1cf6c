using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace TicketAspire.Web;

/// <summary>Takes the buttons of the page of models: retrain, promote, roll back.</summary>
internal static class ModelForms
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/models/retrain", RetrainAsync);
        routes.MapPost("/models/promote", PromoteAsync);
    }

    private static async Task<RedirectHttpResult> RetrainAsync(
        [FromForm] string classifier, ApiClient api, CancellationToken cancellation)
    {
        await api.RetrainAsync(classifier, cancellation);
        return ToModels(classifier);
    }

    private static async Task<RedirectHttpResult> PromoteAsync(
        [FromForm] string classifier, [FromForm] int version, ApiClient api, CancellationToken cancellation)
    {
        await api.PromoteAsync(classifier, version, cancellation);
        return ToModels(classifier);
    }

    private static RedirectHttpResult ToModels(string classifier) =>
        TypedResults.LocalRedirect("/models?classifier=" + Uri.EscapeDataString(classifier));
}
